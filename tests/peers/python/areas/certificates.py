"""The certificate: downloaded; another one uploaded, inspected, installed."""

import os

from raritan.rpc import cert


def drive(step, device):
    agent = device.agent
    server = cert.ServerSSLCert("/server_ssl_cert", agent)
    step("certificate.active", lambda: cert.download(agent))
    step("certificate.info", server.getInfo)
    with open(os.environ["XERUS_CERTIFICATE"], "rb") as file:
        certificate = file.read()
    with open(os.environ["XERUS_KEY"], "rb") as file:
        key = file.read()
    # The oldest client does not tell what the device answered.
    step("certificate.upload", cert.upload, agent, certificate, key)
    step("certificate.pending", lambda: server.getInfo().havePendingCert)
    step("certificate.pending_subject", lambda: server.getInfo().pendingCertInfo.subject.commonName)
    step("certificate.install", server.installPendingKeyPair)
    step.advance(5)
    agent = device.connect(device.user, device.password)
    server = cert.ServerSSLCert("/server_ssl_cert", agent)
    step("certificate.new_subject", lambda: server.getInfo().activeCertInfo.subject.commonName)
    step("certificate.new_active", lambda: cert.download(agent))
