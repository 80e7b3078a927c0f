//! Generates the API that the simulated device serves: what is reached from the objects that it has.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_dir("../idl/xerus-4.0.20")
        .root("pdumodel.Pdu")
        .root("pdumodel.OverCurrentProtectorTripSensor")
        .root("pdumodel.TypeBResidualCurrentNumericSensor")
        .root("sensors.AccumulatingNumericSensor")
        .root("event.Service")
        .root("firmware.Firmware")
        .root("jsonrpc.NameService")
        .root("session.SessionManager")
        .generate()
}
