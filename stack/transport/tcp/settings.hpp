// What an experiment may change about TCP, and what TCP counts.
#pragma once

#include <chrono>
#include <cstdint>

#include "interface/base/time.hpp"

namespace ringside::stack {

// The values are those of the profile `linux`; rfc_settings() follows the RFCs' own defaults.
struct TcpSettings {
  std::uint32_t receive_buffer = 540'000;
  std::uint32_t send_buffer = 512 * 1024;
  std::uint8_t window_shift = 8;
  std::uint16_t max_mss = 65'495;  // caps what is announced and what is sent (TCP_MAXSEG)

  std::uint16_t initial_window_segments = 10;
  // Slow start grows by what was acknowledged, but at most so many segments an ACK.
  std::uint32_t slow_start_segments_per_ack = 1'000'000;

  Duration initial_rto = std::chrono::seconds{1};
  Duration min_rto_variance = std::chrono::milliseconds{200};
  Duration min_rto = std::chrono::milliseconds{200};
  Duration max_rto = std::chrono::seconds{120};
  Duration delayed_ack = std::chrono::milliseconds{40};
  std::uint16_t quick_acks = 16;  // data segments acknowledged at once when a connection is young

  Duration time_wait = std::chrono::seconds{60};
  Duration fin_wait_2 = std::chrono::seconds{60};  // after close() only
  // R2: nothing was acknowledged for so long (RFC 9293 3.8.3). About 15 retransmissions.
  Duration user_timeout = std::chrono::seconds{924};
  Duration connect_timeout = std::chrono::seconds{185};

  Duration keep_alive_idle = std::chrono::hours{2};
  Duration keep_alive_interval = std::chrono::seconds{75};
  std::uint8_t keep_alive_probes = 9;

  // Spacing of answers to segments that prove nothing (RFC 5961 section 7).
  Duration challenge_ack_spacing = std::chrono::milliseconds{500};

  // Packets that a connection may hold, whatever they carry: a hostile peer sends single bytes.
  std::uint32_t max_receive_packets = 1024;
  std::uint32_t max_out_of_order_packets = 512;
  std::uint32_t max_send_packets = 1024;
  // Of one host, TIME-WAIT and orphans included; what comes beyond is refused or dropped.
  std::uint32_t max_connections = 65'536;

  std::uint16_t first_ephemeral_port = 32'768;
  std::uint16_t last_ephemeral_port = 60'999;
};

inline TcpSettings rfc_settings() {
  TcpSettings settings;
  settings.slow_start_segments_per_ack = 1;
  settings.min_rto_variance = std::chrono::milliseconds{1};
  settings.min_rto = std::chrono::seconds{1};
  settings.quick_acks = 0;
  settings.time_wait = std::chrono::minutes{4};
  return settings;
}

// Of one host, since its start. Copies per packet is copies / data_packets.
struct TcpCounters {
  std::uint64_t segments_in = 0;
  std::uint64_t segments_out = 0;
  std::uint64_t header_errors = 0;
  std::uint64_t checksum_errors = 0;
  std::uint64_t dropped_in = 0;         // no broadcast, no impossible source, no lone flags
  std::uint64_t dropped_no_memory = 0;  // good data that found no room for its packet
  std::uint64_t resets_in = 0;
  std::uint64_t resets_out = 0;
  std::uint64_t retransmissions = 0;
  std::uint64_t fast_retransmits = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t window_probes = 0;
  std::uint64_t challenge_acks = 0;
  std::uint64_t backlog_overflows = 0;
  std::uint64_t active_opens = 0;
  std::uint64_t passive_opens = 0;
  std::uint64_t data_packets = 0;  // with new data, sent for the first time or received in order
  std::uint64_t copies = 0;        // packets whose payload was copied once
  std::uint64_t copied_bytes = 0;
  std::uint64_t transmit_copies = 0;  // of `copies`: a clone was still below, or a split was due
};

}  // namespace ringside::stack
