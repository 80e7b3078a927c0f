//! What a sensor measures.

use super::open::open;

open! {
    /// What a sensor measures, by the numbers of the device. A newer firmware may have more: [`Other`](Quantity::Other).
    ///
    /// Values of sensors with states are numbers of the enumeration that stands beside the quantity. It displays as its
    /// [name](Quantity::name).
    ///
    /// ```
    /// use xerus_device::sensors::Quantity;
    ///
    /// assert_eq!(Quantity::from_number(1), Quantity::Voltage);
    /// assert_eq!(Quantity::Voltage.name(), "voltage");
    /// assert_eq!(Quantity::from_number(99).number(), 99);
    /// ```
    pub enum Quantity, name {
        /// The device does not say.
        Unspecified = UNSPECIFIED, "unspecified";
        /// Voltage.
        Voltage = VOLTAGE, "voltage";
        /// Current.
        Current = CURRENT, "current";
        /// Unbalance of the currents of several lines.
        UnbalanceCurrent = UNBALANCE_CURRENT, "unbalance current";
        /// Power, active or other by its unit.
        Power = POWER, "power";
        /// Power factor.
        PowerFactor = POWER_FACTOR, "power factor";
        /// Energy.
        Energy = ENERGY, "energy";
        /// Frequency.
        Frequency = FREQUENCY, "frequency";
        /// Temperature.
        Temperature = TEMPERATURE, "temperature";
        /// Relative humidity.
        Humidity = HUMIDITY, "humidity";
        /// Air flow.
        AirFlow = AIR_FLOW, "air flow";
        /// Air pressure.
        AirPressure = AIR_PRESSURE, "air pressure";
        /// Contact, see `NormalAlarmedState`.
        ContactClosure = CONTACT_CLOSURE, "contact closure";
        /// Switch, see `OnOffState`.
        OnOff = ON_OFF_SENSOR, "on/off";
        /// Breaker, see `OpenClosedState`.
        Trip = TRIP_SENSOR, "trip";
        /// Vibration, see `NormalAlarmedState`.
        Vibration = VIBRATION, "vibration";
        /// Water, see `NormalAlarmedState`.
        WaterLeak = WATER_LEAK, "water leak";
        /// Smoke, see `NormalAlarmedState`.
        Smoke = SMOKE_DETECTOR, "smoke";
        /// Total harmonic distortion.
        TotalHarmonicDistortion = TOTAL_HARMONIC_DISTORTION, "total harmonic distortion";
        /// Mass.
        Mass = MASS, "mass";
        /// Electrical resistance.
        ElectricalResistance = ELECTRICAL_RESISTANCE, "electrical resistance";
        /// Flow, for instance of water.
        Flux = FLUX, "flux";
        /// Luminous intensity.
        LuminousIntensity = LUMINOUS_INTENSITY, "luminous intensity";
        /// Acceleration.
        Acceleration = ACCELERATION, "acceleration";
        /// Magnetic flux density.
        MagneticFluxDensity = MAGNETIC_FLUX_DENSITY, "magnetic flux density";
        /// Electric field strength.
        ElectricFieldStrength = ELECTRIC_FIELD_STRENGTH, "electric field strength";
        /// Magnetic field strength.
        MagneticFieldStrength = MAGNETIC_FIELD_STRENGTH, "magnetic field strength";
        /// Angle, for instance between voltage and current.
        Angle = ANGLE, "angle";
        /// Index of one of several things.
        Selection = SELECTION, "selection";
        /// Fault, see `OkFaultState`, or the interface of the sensor if that has more states.
        FaultState = FAULT_STATE, "fault state";
        /// Quality of the supply.
        PowerQuality = POWER_QUALITY, "power quality";
        /// Rotational speed.
        RotationalSpeed = ROTATIONAL_SPEED, "rotational speed";
        /// Luminous energy.
        LuminousEnergy = LUMINOUS_ENERGY, "luminous energy";
        /// Luminous flux.
        LuminousFlux = LUMINOUS_FLUX, "luminous flux";
        /// Light that falls on a surface.
        Illuminance = ILLUMINANCE, "illuminance";
        /// Light that leaves a surface.
        LuminousEmittance = LUMINOUS_EMITTANCE, "luminous emittance";
        /// Motion.
        Motion = MOTION, "motion";
        /// Presence, see `NormalAlarmedState`.
        Occupancy = OCCUPANCY, "occupancy";
        /// Tampering, see `NormalAlarmedState`.
        Tamper = TAMPER, "tamper";
        /// Dry contact of an actuator, see `OnOffState`.
        DryContact = DRY_CONTACT, "dry contact";
        /// Powered contact of an actuator, see `OnOffState`.
        PoweredDryContact = POWERED_DRY_CONTACT, "powered dry contact";
        /// Absolute humidity.
        AbsoluteHumidity = ABSOLUTE_HUMIDITY, "absolute humidity";
        /// Door, see `OpenClosedState`.
        DoorState = DOOR_STATE, "door state";
        /// Lock of a door, see `OpenClosedState`.
        DoorLockState = DOOR_LOCK_STATE, "door lock state";
        /// Handle of a door, see `OpenClosedState`.
        DoorHandleLock = DOOR_HANDLE_LOCK, "door handle lock";
        /// Peak divided by effective value.
        CrestFactor = CREST_FACTOR, "crest factor";
        /// Distance.
        Distance = DISTANCE, "distance";
        /// Length.
        Length = LENGTH, "length";
        /// Unbalance of the voltages of several lines.
        UnbalanceVoltage = UNBALANCE_VOLTAGE, "unbalance voltage";
        /// Density of particles in the air.
        ParticleDensity = PARTICLE_DENSITY, "particle density";
        /// Dew point.
        DewPoint = DEW_POINT, "dew point";
        /// Electrical impedance.
        ElectricalImpedance = ELECTRICAL_IMPEDANCE, "electrical impedance";
        /// Bypass of a transfer switch, see `pdumodel.TransferSwitchBypassStateSensor`.
        TsBypassState = TS_BYPASS_STATE, "transfer switch bypass state";
        /// Charge of a battery.
        BatteryLevel = BATTERY_LEVEL, "battery level";
        /// Fault of a power supply, see `pdumodel.ShelfPowerSupply`.
        ShelfPowerSupplyFault = SHELF_POWER_SUPPLY_FAULT, "shelf power supply fault";
    }
}
