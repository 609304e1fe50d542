// Bundles that travel between the NIC's blocks. Byte n of a data field is bits 8n+7:8n, and byte 0
// is first in memory and on the wire. What software sees is in nic_pkg.
`default_nettype none

package nic_types_pkg;

  localparam int DmaBytes = 16;     // width of the AXI4 master
  localparam int MaxBurst = 256;    // bytes of a burst at most, and the boundary it never crosses

  // Clients of the DMA engines; a client's number is its AXI ID on reads.
  localparam int ReadDescriptors = 0;
  localparam int ReadTransmit = 1;
  localparam int ReadEvents = 2;
  localparam int ReadControl = 3;
  localparam int NumReadClients = 4;
  localparam int WriteReceive = 0;
  localparam int WriteUsed = 1;
  localparam int WriteMsix = 2;
  localparam int WriteControl = 3;
  localparam int NumWriteClients = 4;

  // 8 bytes of a frame at the MAC. Full but for the last beat; count is 1 to 8.
  typedef struct packed {
    logic        last;
    logic [3:0]  count;
    logic [63:0] data;
  } mac_beat_t;

  // 16 bytes of a frame or of DMA data, packed to the front. Full but for the last; count 1 to 16.
  typedef struct packed {
    logic         last;
    logic [4:0]   count;
    logic [127:0] data;
  } dma_beat_t;

  // A transmitted frame's checksum (NEEDS_CSUM, virtio 1.3, 5.1.6.2): the sum of all bytes from
  // `start` to the frame's end goes to byte `field` and the next.
  typedef struct packed {
    logic        wanted;
    logic [15:0] start;
    logic [15:0] field;
  } checksum_t;

  // A packet to be cut into TCP segments of `size` bytes of payload (gso_type, virtio 1.3,
  // 5.1.6.2). `length` is its frame's; `ecn`: congestion is notified in the first segment only.
  typedef struct packed {
    logic        ipv6;
    logic        ecn;
    logic [15:0] size;
    logic [16:0] length;
  } segmentation_t;

  // What its headers say. Words are two bytes, counted from the frame's first.
  typedef struct packed {
    logic [6:0]  network;        // the word at which the network header begins
    logic [6:0]  transport;      // and the TCP header
    logic [7:0]  bytes;          // of all headers
    logic [15:0] id;             // IPv4
    logic [31:0] sequence_number;
    logic [15:0] flags;          // the TCP header's word that has them
    logic [15:0] network_sum;    // of the IPv4 header, without length, identification and checksum
    logic [15:0] pseudo_sum;     // of the addresses
  } segment_headers_t;

  // Bytes of host memory to read or write: any address, 1 to 65 535 bytes, not wrapping 2^64.
  typedef struct packed {
    logic [63:0] addr;
    logic [15:0] len;
  } dma_request_t;

  // A read answer as it lies on the bus: `count` bytes from byte `offset` on. `last` ends the
  // request (not the burst). `error`: this beat is not to be believed (SLVERR, DECERR).
  typedef struct packed {
    logic         last;
    logic         error;
    logic [3:0]   offset;
    logic [4:0]   count;
    logic [127:0] data;
  } read_beat_t;

  // One descriptor's worth of a buffer, in the order of the chain. `id` and `slots` (ring slots
  // that the whole buffer takes) are valid with `last`.
  typedef struct packed {
    logic        last;
    logic        write;   // the device writes it
    logic [8:0]  slots;
    logic [15:0] id;
    logic [31:0] len;
    logic [63:0] addr;
  } element_t;

  // A buffer that goes back to the driver. A packet's buffers come in ring order; `more` says that
  // another of the same packet follows. The first is published last (virtio 1.3, 5.1.6.4).
  typedef struct packed {
    logic        more;
    logic        written;  // the device wrote `len` bytes: WRITE is set in the used descriptor
    logic [8:0]  slots;
    logic [15:0] id;
    logic [31:0] len;
  } completion_t;

  // What a virtqueue is set to; stable while `enable` is high.
  typedef struct packed {
    logic        enable;
    logic [8:0]  size;     // 1 to 256
    logic [63:0] desc;
    logic [63:0] driver;
    logic [63:0] device;
  } queue_config_t;

  // Moderation of a queue. `limit_ps` is max_usecs in picoseconds.
  typedef struct packed {
    logic [31:0] max_packets;
    logic [51:0] limit_ps;
  } moderation_config_t;

  // Which frames are wanted (virtio 1.3, 5.1.6.5.1). `counts` and `overflow` are those of the
  // table of unicast addresses in the lower half and of multicast ones in the upper; `half` is that
  // of the memory in which the tables lie.
  typedef struct packed {
    logic       promisc;
    logic       allmulti;
    logic       alluni;
    logic       nomulti;
    logic       nouni;
    logic       nobcast;
    logic       half;
    logic [1:0] overflow;
    logic [9:0] counts;
  } filter_t;

  // How received frames are hashed and spread over pairs of queues. `rehash`: types or the key are
  // other ones. `write` puts an entry into the indirection table to come, `change` makes that the
  // one in use.
  typedef struct packed {
    logic [5:0] hash_types;  // that the driver wants to hear of
    logic       all_types;   // frames are spread by all types there are, whatever it wants
    logic       rehash;
    logic       write;
    logic [6:0] index;
    logic [2:0] pair;
    logic       change;
    logic [6:0] mask;
    logic [2:0] unclassified;
  } steering_t;

  // Widths of bundles that travel as packed vectors, one per queue (queue 0 lowest). Yosys knows no
  // $bits of a type; a wrong number here is a width warning where the slice meets its struct.
  localparam int ElementBits = 123;
  localparam int CompletionBits = 59;
  localparam int QueueConfigBits = 202;
  // Where queue_config_t has its fields, for clocked blocks, in which Yosys takes no struct apart.
  localparam int QueueEnableLsb = 201;
  localparam int QueueSizeLsb = 192;
  localparam int QueueDescLsb = 128;
  localparam int QueueDriverLsb = 64;
  localparam int ModerationConfigBits = 84;

endpackage

`default_nettype wire
