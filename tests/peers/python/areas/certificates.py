"""The certificate: downloaded; another one uploaded, inspected, installed."""

import os

from raritan.rpc import cert


def read(variable):
    with open(os.environ[variable], "rb") as file:
        return file.read()


def drive(step, device):
    agent = device.agent
    server = cert.ServerSSLCert("/server_ssl_cert", agent)
    step("certificate.active", cert.download, agent)
    step("certificate.info", server.getInfo)
    # The oldest client does not tell what the device answered.
    step("certificate.upload", lambda: cert.upload(agent, read("XERUS_CERTIFICATE"), read("XERUS_KEY")) or 0)
    step("certificate.pending", server.getInfo)
    step("certificate.install", server.installPendingKeyPair)
    agent = device.connect(device.user, device.password)
    step("certificate.info", cert.ServerSSLCert("/server_ssl_cert", agent).getInfo)
    step("certificate.active", cert.download, agent)
