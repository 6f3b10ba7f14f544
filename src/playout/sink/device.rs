//! Sound cards and sound servers, through the cpal that rodio brings: an own stream with a fixed period, whose callback
//! knows by the playback timestamp when its first frame is heard.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rodio::cpal::{
    self, BufferSize, Data, ErrorKind, HostId, OutputCallbackInfo, SampleFormat, StreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

use rtrb::{Consumer, RingBuffer};

use super::{Feed, PERIOD, Settings, SinkSpec, steady::Steady};
use crate::{
    bulletin::RATE,
    clock::Clock,
    playout::{
        engine::{Engine, Stamp},
        mix::to_i16,
        monitor::{Monitor, frames_in, nanos},
    },
    text::{Text, playout as words},
};

/// Longest buffer that is filled in one piece.
const SCRATCH: usize = 4 * PERIOD as usize;
/// So many errors since the last callback, of kinds that may pass, and the stream is given up. ALSA's pulse plugin tells
/// of a thousand before its first callback and plays on.
const FLOOD: u64 = 5_000;
/// What is asked for, in this order. `plughw` takes the first.
const SHAPES: [(SampleFormat, u16, BufferSize); 6] = [
    (SampleFormat::I16, 1, BufferSize::Fixed(PERIOD)),
    (SampleFormat::I16, 2, BufferSize::Fixed(PERIOD)),
    (SampleFormat::F32, 1, BufferSize::Fixed(PERIOD)),
    (SampleFormat::F32, 2, BufferSize::Fixed(PERIOD)),
    (SampleFormat::I16, 2, BufferSize::Default),
    (SampleFormat::F32, 2, BufferSize::Default),
];

/// Finds the device, on a new host: an old one may still hold a dead server's socket.
fn find(spec: &SinkSpec) -> Result<cpal::Device, Text> {
    let host = |id| cpal::host_from_id(id).map_err(|e| fault(spec, &e));
    let found = match spec {
        SinkSpec::Alsa(name) => {
            host(HostId::Alsa)?.device_by_id(&cpal::DeviceId::new(HostId::Alsa, name)).or_else(
                // `device_by_id` adds `,DEV=0` to names that have none.
                || by_name(HostId::Alsa, name),
            )
        }
        SinkSpec::Pulse(name) => by_name(HostId::PulseAudio, name),
        SinkSpec::Default => cpal::host_from_id(HostId::PulseAudio)
            .ok()
            .and_then(|h| h.default_output_device())
            .or_else(|| cpal::host_from_id(HostId::Alsa).ok()?.default_output_device()),
        SinkSpec::Wav(_) => None,
    };
    found.ok_or_else(|| words::device_absent(spec.to_string()))
}

fn by_name(host: HostId, name: &str) -> Option<cpal::Device> {
    let host = cpal::host_from_id(host).ok()?;
    host.devices().ok()?.find(|d| d.id().is_ok_and(|id| id.id() == name))
}

fn fault(spec: &SinkSpec, e: &cpal::Error) -> Text {
    let name = spec.to_string();
    match e.kind() {
        ErrorKind::PermissionDenied => words::device_denied(name, crate::fault::user()),
        ErrorKind::DeviceBusy => words::device_busy(name),
        ErrorKind::HostUnavailable => words::device_no_server(name, e.to_string()),
        ErrorKind::DeviceNotAvailable => words::device_absent(name),
        _ => words::device_failed(name, e.to_string()),
    }
}

/// Opens a stream in the first shape that the device takes, and lets it run.
pub fn open(spec: &SinkSpec, settings: &Settings, feed: Feed) -> Result<(cpal::Stream, String), Text> {
    let device = find(spec)?;
    let Feed { engine, monitor, clock, failed } = feed;
    let told = Arc::new(AtomicBool::new(false));
    let failed: Arc<dyn Fn(Text) + Send + Sync> = failed.into();
    let mut last = cpal::Error::new(ErrorKind::UnsupportedConfig);
    for (format, channels, buffer_size) in SHAPES {
        let (mut give, take) = RingBuffer::new(1);
        let (monitor, told, failed, name) = (monitor.clone(), told.clone(), failed.clone(), spec.clone());
        let on_error = move |e: cpal::Error| {
            if is_fatal(&e, &monitor) && !told.swap(true, Ordering::Relaxed) {
                failed(fault(&name, &e));
            }
        };
        let config = StreamConfig { channels, sample_rate: RATE, buffer_size };
        match device.build_output_stream_raw(config, format, callback(take), on_error, None) {
            Ok(stream) => {
                let calibration = settings.calibration_us.saturating_mul(1_000);
                let scratch = vec![0.0; SCRATCH];
                let server = device.id().is_ok_and(|id| id.host() == HostId::PulseAudio);
                let steady = server.then(Steady::default);
                let channels = channels.into();
                give.push(Pump { engine, clock, calibration, channels, scratch, steady, handed: 0 }).ok();
                stream.play().map_err(|e| fault(spec, &e))?;
                return Ok((stream, format!("{spec} ({device})")));
            }
            Err(e) if matches!(e.kind(), ErrorKind::UnsupportedConfig | ErrorKind::InvalidInput) => last = e,
            Err(e) => return Err(fault(spec, &e)),
        }
    }
    Err(fault(spec, &last))
}

/// The pump comes once the stream stands: a shape that is refused would take it along.
fn callback(mut take: Consumer<Pump>) -> impl FnMut(&mut Data, &OutputCallbackInfo) + Send + 'static {
    let mut pump = None;
    move |data, info| {
        if pump.is_none() {
            pump = take.pop().ok();
        }
        if let Some(pump) = &mut pump {
            Pump::call(pump, data, info);
        }
    }
}

fn is_fatal(e: &cpal::Error, monitor: &Arc<Monitor>) -> bool {
    match e.kind() {
        ErrorKind::Xrun => {
            monitor.xrun();
            false
        }
        ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => false,
        ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated | ErrorKind::HostUnavailable => true,
        _ => monitor.error() > FLOOD,
    }
}

/// Lives in the audio callback.
struct Pump {
    engine: Engine,
    clock: Arc<dyn Clock>,
    calibration: i64,
    channels: usize,
    scratch: Vec<f32>,
    /// For timestamps that are as late as a server's answer.
    steady: Option<Steady>,
    /// Frames handed over.
    handed: u64,
}

impl Pump {
    fn call(&mut self, data: &mut Data, info: &OutputCallbackInfo) {
        let now = self.clock.now();
        let stamp = info.timestamp();
        let mut latency = stamp.playback.saturating_duration_since(stamp.callback).as_nanos() as i64;
        let up = now.up.0.as_nanos() as i64;
        if let Some(steady) = &mut self.steady {
            latency = (steady.steady(up + latency, self.handed) - up).max(0);
        }
        self.handed += (data.len() / self.channels) as u64;
        let wall = now.wall.timestamp_nanos_opt().unwrap_or_default();
        let heard = wall.saturating_add(latency).saturating_add(self.calibration);
        let stamp = Stamp { heard, up, queued: frames_in(latency) };
        match data.sample_format() {
            SampleFormat::I16 => self.pour(data.as_slice_mut(), stamp, to_i16),
            _ => self.pour(data.as_slice_mut(), stamp, |s| s),
        }
    }

    fn pour<T: Copy>(&mut self, out: Option<&mut [T]>, mut stamp: Stamp, convert: impl Fn(f32) -> T) {
        for piece in out.unwrap_or_default().chunks_mut(SCRATCH * self.channels) {
            let frames = piece.len() / self.channels;
            let scratch = &mut self.scratch[..frames];
            self.engine.fill(scratch, stamp);
            for (frame, sample) in piece.chunks_exact_mut(self.channels).zip(scratch) {
                frame.fill(convert(*sample));
            }
            stamp.heard += nanos(frames as u64);
            stamp.queued += frames as u64;
        }
    }
}
