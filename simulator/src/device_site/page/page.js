// Shows the device's outlets and sensors, and switches outlets, by the same calls as any other client.
"use strict";

const PERIOD = 2000;
const CHUNK = 200;
// Symbols of the units, by their numbers in sensors.Sensor.
const UNITS = ["", "V", "A", "W", "VA", "Wh", "VAh", "°C", "Hz", "%", "m/s", "Pa", "g", "rpm", "m", "h", "min", "s", "var", "varh"];
const UNIT_AFTER = { 28: "°", 29: "°F", 30: "K", 36: "lx", 50: "g/m³", 51: "µg/m³" };

let id = 0;

async function send(rid, method, params) {
  const response = await fetch(encodeURI(rid), {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", method, params, id: ++id }),
  });
  if (!response.ok) throw new Error(`the device answers with status ${response.status}`);
  return read(await response.json());
}

function read(answer) {
  if (answer.error) throw new Error(answer.error.message);
  return answer.result;
}

// Several calls in few requests; an answer for each, null where the device refused.
async function bulk(calls) {
  const answers = [];
  for (let at = 0; at < calls.length; at += CHUNK) {
    const requests = calls.slice(at, at + CHUNK).map(([rid, method], index) => ({
      rid,
      json: { jsonrpc: "2.0", method, params: {}, id: index },
    }));
    const { responses } = await send("/bulk", "performBulk", { requests });
    for (const { json, statcode } of responses) {
      answers.push(statcode === 200 && json.result ? json.result._ret_ : null);
    }
  }
  return answers;
}

const rids = (references) => references.map((reference) => reference.rid);
const each = (list, method) => list.map((rid) => [rid, method]);

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function say(text, bad) {
  const message = document.getElementById("message");
  if (message.textContent !== text) message.textContent = text;
  message.classList.toggle("bad", Boolean(bad));
}

function shown(sensor, reading) {
  if (!reading || !reading.available || reading.valid === false) return "–";
  const { type, decdigits } = sensor.data;
  const unit = UNITS[type.unit] ?? UNIT_AFTER[type.unit] ?? "";
  return `${reading.value.toFixed(Math.min(Math.max(decdigits, 0), 6))} ${unit}`.trim();
}

// From activePower to "active power".
const words = (member) => member.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

async function sensorsOf(places) {
  const found = [];
  const members = await bulk(each(places.map((place) => place.rid), "getSensors"));
  places.forEach((place, index) => {
    for (const [member, reference] of Object.entries(members[index] ?? {})) {
      if (reference && /NumericSensor/.test(reference.type)) {
        found.push({ place: place.label, name: words(member), rid: reference.rid, outlet: place.outlet, member });
      }
    }
  });
  return found;
}

async function peripherals() {
  const slots = await send("/model/peripheraldevicemanager", "getDeviceSlots", {}).catch(() => null);
  if (!slots) return [];
  const list = rids(slots._ret_);
  const [devices, settings] = [await bulk(each(list, "getDevice")), await bulk(each(list, "getSettings"))];
  return devices.flatMap((device, index) => {
    const reference = device?.value?.device;
    if (!reference || !/NumericSensor/.test(reference.type)) return [];
    return [{ place: `Slot ${index + 1}`, name: settings[index]?.name || "sensor", rid: reference.rid }];
  });
}

async function look() {
  const pdu = "/model/pdu/0";
  const [data, settings, outlets, inlets] = await bulk(
    ["getMetaData", "getSettings", "getOutlets", "getInlets"].map((method) => [pdu, method]));
  const title = settings?.name || "Simulated PDU";
  document.title = title;
  document.getElementById("name").textContent = title;
  const plate = data?.nameplate;
  document.getElementById("facts").textContent =
    [plate?.manufacturer, plate?.model, plate?.serialNumber, data && `firmware ${data.fwRevision}`].filter(Boolean).join(" · ");

  const places = [];
  for (const [kind, list] of [["Inlet", rids(inlets ?? [])], ["Outlet", rids(outlets ?? [])]]) {
    const [meta, named] = [await bulk(each(list, "getMetaData")), await bulk(each(list, "getSettings"))];
    list.forEach((rid, index) => places.push({
      rid,
      label: `${kind} ${meta[index]?.label ?? index + 1}`,
      short: meta[index]?.label ?? String(index + 1),
      name: named[index]?.name ?? "",
      switchable: meta[index]?.isSwitchable === true,
      outlet: kind === "Outlet" ? index : undefined,
    }));
  }
  const sensors = [...await sensorsOf(places), ...await peripherals()];
  const described = await bulk(each(sensors.map((sensor) => sensor.rid), "getMetaData"));
  sensors.forEach((sensor, index) => { sensor.data = described[index]; });
  return { outlets: places.filter((place) => place.outlet !== undefined), sensors: sensors.filter((sensor) => sensor.data) };
}

function build(device) {
  const rows = document.getElementById("outlets");
  rows.replaceChildren(...device.outlets.map((outlet) => {
    const row = element("tr");
    outlet.cells = {
      state: element("td", "", "state"),
      current: element("td", "", "number current"),
      activePower: element("td", "", "number measured"),
    };
    outlet.button = element("button", "…");
    outlet.button.type = "button";
    outlet.button.addEventListener("click", () => flip(device, outlet));
    const cell = element("td", undefined, "switch");
    cell.append(outlet.switchable ? outlet.button : "not switchable");
    row.append(element("td", outlet.short, "label"), element("td", outlet.name, "name"),
      outlet.cells.state, outlet.cells.current, outlet.cells.activePower, cell);
    return row;
  }));
  const other = document.getElementById("sensors");
  device.shown = device.sensors.filter((sensor) => sensor.outlet === undefined);
  other.replaceChildren(...device.shown.map((sensor) => {
    const row = element("tr");
    sensor.cell = element("td", "", "number");
    row.append(element("td", sensor.place), element("td", sensor.name), sensor.cell);
    return row;
  }));
  device.read = device.shown.concat(device.sensors.filter(({ outlet, member }) =>
    outlet !== undefined && (member === "current" || member === "activePower")));
}

async function refresh(device) {
  const states = await bulk(each(device.outlets.map((outlet) => outlet.rid), "getState"));
  const readings = await bulk(each(device.read.map((sensor) => sensor.rid), "getReading"));
  device.outlets.forEach((outlet, index) => {
    const state = states[index];
    outlet.on = state?.powerState === 1;
    outlet.cells.state.textContent = !state?.available ? "–" : outlet.on ? "on" : state.cycleInProgress ? "cycling" : "off";
    outlet.cells.state.className = outlet.on ? "state on" : "state off";
    outlet.button.textContent = outlet.on ? "Switch off" : "Switch on";
    outlet.button.setAttribute("aria-label", `${outlet.button.textContent} outlet ${outlet.short}`);
  });
  device.read.forEach((sensor, index) => {
    const text = shown(sensor, readings[index]);
    const cell = sensor.cell ?? device.outlets[sensor.outlet].cells[sensor.member];
    cell.textContent = text;
  });
}

async function flip(device, outlet) {
  const wanted = outlet.on ? 0 : 1;
  outlet.button.disabled = true;
  try {
    const { _ret_: code } = await send(outlet.rid, "setPowerState", { pstate: wanted });
    say(code === 0 ? `Outlet ${outlet.short} is switched ${wanted ? "on" : "off"}.`
      : `Outlet ${outlet.short} is not switched: the device refuses with code ${code}.`, code !== 0);
    await refresh(device);
  } catch (error) {
    say(`Outlet ${outlet.short}: ${error.message}. Whether it was switched shows in its state.`, true);
  } finally {
    outlet.button.disabled = false;
    outlet.button.focus();
  }
}

async function live() {
  let device = null;
  for (;;) {
    try {
      if (!device) {
        device = await look();
        build(device);
      }
      await refresh(device);
      if (document.getElementById("message").textContent.startsWith("No answer")) say("");
      document.body.dataset.ready = "yes";
    } catch (error) {
      say(`No answer from the device: ${error.message}. Trying again.`, true);
      device = null;
    }
    await new Promise((done) => setTimeout(done, PERIOD));
  }
}

live();
