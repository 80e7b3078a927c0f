//! In what a sensor measures.

use super::open::open;

open! {
    /// The unit of a sensor, by the numbers of the device. A newer firmware may have more: [`Other`](Unit::Other).
    ///
    /// It displays as its [symbol](Unit::symbol).
    ///
    /// ```
    /// use xerus_device::sensors::Unit;
    ///
    /// assert_eq!(Unit::from_number(7).symbol(), "°C");
    /// assert_eq!(Unit::from_number(99), Unit::Other(99));
    /// ```
    pub enum Unit, symbol {
        /// No unit.
        None = NONE, "";
        /// V.
        Volt = VOLT, "V";
        /// A.
        Ampere = AMPERE, "A";
        /// W.
        Watt = WATT, "W";
        /// VA.
        VoltAmp = VOLT_AMP, "VA";
        /// Wh.
        WattHour = WATT_HOUR, "Wh";
        /// VAh.
        VoltAmpHour = VOLT_AMP_HOUR, "VAh";
        /// °C.
        DegreeCelsius = DEGREE_CELSIUS, "°C";
        /// Hz.
        Hertz = HZ, "Hz";
        /// %.
        Percent = PERCENT, "%";
        /// m/s.
        MeterPerSec = METER_PER_SEC, "m/s";
        /// Pa.
        Pascal = PASCAL, "Pa";
        /// Multiples of standard gravity.
        G = G, "g";
        /// Turns per minute.
        Rpm = RPM, "rpm";
        /// m.
        Meter = METER, "m";
        /// Hours.
        Hour = HOUR, "h";
        /// Minutes.
        Minute = MINUTE, "min";
        /// Seconds.
        Second = SECOND, "s";
        /// var.
        VoltAmpReactive = VOLT_AMP_REACTIVE, "var";
        /// varh.
        VoltAmpReactiveHour = VOLT_AMP_REACTIVE_HOUR, "varh";
        /// g.
        Gram = GRAM, "g";
        /// Ω.
        Ohm = OHM, "Ω";
        /// l/h.
        LitersPerHour = LITERS_PER_HOUR, "l/h";
        /// cd.
        Candela = CANDELA, "cd";
        /// m/s².
        MeterPerSquareSec = METER_PER_SQUARE_SEC, "m/s²";
        /// T.
        Tesla = TESLA, "T";
        /// V/m.
        VoltPerMeter = VOLT_PER_METER, "V/m";
        /// V/A.
        VoltPerAmpere = VOLT_PER_AMPERE, "V/A";
        /// Degrees of an angle.
        Degree = DEGREE, "°";
        /// °F.
        DegreeFahrenheit = DEGREE_FAHRENHEIT, "°F";
        /// K.
        Kelvin = KELVIN, "K";
        /// J.
        Joule = JOULE, "J";
        /// C.
        Coulomb = COULOMB, "C";
        /// cd/m².
        Nit = NIT, "cd/m²";
        /// lm.
        Lumen = LUMEN, "lm";
        /// lm·s.
        LumenSecond = LUMEN_SECOND, "lm·s";
        /// lx.
        Lux = LUX, "lx";
        /// Pounds per square inch.
        Psi = PSI, "psi";
        /// N.
        Newton = NEWTON, "N";
        /// ft.
        Foot = FOOT, "ft";
        /// ft/s.
        FootPerSec = FOOT_PER_SEC, "ft/s";
        /// m³.
        CubicMeter = CUBIC_METER, "m³";
        /// rad.
        Radiant = RADIANT, "rad";
        /// sr.
        Steradiant = STERADIANT, "sr";
        /// H.
        Henry = HENRY, "H";
        /// F.
        Farad = FARAD, "F";
        /// mol.
        Mol = MOL, "mol";
        /// Bq.
        Becquerel = BECQUEREL, "Bq";
        /// Gy.
        Gray = GRAY, "Gy";
        /// Sv.
        Sievert = SIEVERT, "Sv";
        /// g/m³.
        GPerCubicMeter = G_PER_CUBIC_METER, "g/m³";
        /// µg/m³.
        UgPerCubicMeter = UG_PER_CUBIC_METER, "µg/m³";
    }
}
