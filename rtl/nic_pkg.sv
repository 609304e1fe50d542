// Registers and layouts as the RTL sees them. Printed from interface/layout by
// `layout_print package`: change the tables there, then run `./ringside print`.
`default_nettype none

package nic_pkg;

  // Limits.
  localparam int MaxQueueSize = 256;  // Descriptors in a virtqueue at most, and after reset.
  localparam int MaxQueuePairs = 4;  // Pairs of a receive and a transmit queue.
  localparam int NumQueues = 9;  // Virtqueues: receive 2n, transmit 2n + 1, control the last.
  localparam int NumVectors = 10;  // MSI-X vectors: configuration, and one a queue.
  localparam int MaxIndirect = 256;  // Entries of an indirect table at most.
  localparam int MaxReceiveBuffers = 64;  // Descriptors that one received packet may fill at most.
  localparam int Mtu = 1500;  // The MTU that the device states.
  localparam int NetHeaderBytes = 12;  // Virtio header in front of each packet.
  localparam int NetHeaderHashBytes = 8;  // What it is longer by if it tells of hashes.
  localparam int MinFrameBytes = 60;  // Shortest frame without FCS; transmit pads to it.
  localparam int MaxFrameBytes = 1518;  // Longest frame without FCS: MTU, Ethernet header, VLAN tag.
  localparam int MaxSegmentedBytes = 65593;  // Longest frame to cut into segments: what IPv6 can state, and the headers around it.
  localparam int MinGsoSize = 48;  // Payload of a segment at least, but for the last.
  localparam int MaxGsoHeaders = 192;  // Bytes of headers that are copied to each segment at most.
  localparam int MaxGsoElements = 64;  // Descriptors of a packet to cut at most.
  localparam int DataErrorsUntilReset = 8;  // DMA errors on packet data before the device gives up.
  localparam int ModerationPsPerUs = 1000000;  // Picoseconds in the unit of max_usecs.
  localparam int MacTableSize = 16;  // Unicast addresses to filter for, and as many multicast ones.
  localparam int MaxControlBytes = 65535;  // Bytes that a control command may have for the device.

  // Feature bits, by number.
  localparam int FeatureCsum = 0;  // The device completes the checksums of sent packets.
  localparam int FeatureGuestCsum = 1;  // The device may say of a received packet that its checksum is right.
  localparam int FeatureCtrlGuestOffloads = 2;  // The control queue turns receive offloads on and off.
  localparam int FeatureMtu = 3;  // The device states its maximum MTU.
  localparam int FeatureMac = 5;  // The device has a MAC address.
  localparam int FeatureHostTso4 = 11;  // The device cuts TCP over IPv4 into segments.
  localparam int FeatureHostTso6 = 12;  // The device cuts TCP over IPv6 into segments.
  localparam int FeatureHostEcn = 13;  // ... with congestion notified in the first segment only.
  localparam int FeatureMrgRxbuf = 15;  // A received packet may fill several buffers.
  localparam int FeatureStatus = 16;  // The configuration has a link status.
  localparam int FeatureCtrlVq = 17;  // There is a control virtqueue.
  localparam int FeatureCtrlRx = 18;  // It filters by destination address.
  localparam int FeatureCtrlVlan = 19;  // It filters by VLAN.
  localparam int FeatureCtrlRxExtra = 20;  // It filters by kind of address, too.
  localparam int FeatureGuestAnnounce = 21;  // The device may ask the driver to announce itself.
  localparam int FeatureMq = 22;  // It says how many queue pairs are in use.
  localparam int FeatureCtrlMacAddr = 23;  // It sets the station address.
  localparam int FeatureIndirectDesc = 28;  // A descriptor may point to a table of descriptors.
  localparam int FeatureEventIdx = 29;  // Notifications may be asked for at a ring position.
  localparam int FeatureVersion1 = 32;  // Virtio 1.x; without it the device refuses.
  localparam int FeatureAccessPlatform = 33;  // Addresses are translated by an IOMMU.
  localparam int FeatureRingPacked = 34;  // Packed virtqueues; without it the device refuses.
  localparam int FeatureOrderPlatform = 36;  // The driver uses barriers fit for a real device.
  localparam int FeatureVqNotfCoal = 52;  // The control queue moderates the interrupts of each queue.
  localparam int FeatureNotfCoal = 53;  // It does so for all receive and all transmit queues.
  localparam int FeatureHashReport = 57;  // The network header says how a received packet was hashed.
  localparam int FeatureRss = 60;  // It says how received packets are spread over queues by their hash.

  localparam logic [63:0] FeaturesOffered = 64'h1230001730FFB82F;  // What the device offers.
  localparam logic [63:0] FeaturesRequired = 64'h500000000;  // What it insists on.
  localparam logic [63:0] FeaturesOfControl = 64'h1030000000FC0000;  // What needs ctrl_vq.
  localparam logic [63:0] FeaturesOfPairs = 64'h1000000000400000;  // Either gives all queue pairs.
  localparam logic [63:0] GuestOffloads = 64'h2;  // What can be turned off.

  // device_status.
  localparam logic [7:0] StatusAcknowledge = 8'h1;  // The guest has found the device.
  localparam logic [7:0] StatusDriver = 8'h2;  // The guest knows how to drive it.
  localparam logic [7:0] StatusDriverOk = 8'h4;  // The driver is ready: the device is live.
  localparam logic [7:0] StatusFeaturesOk = 8'h8;  // Negotiation is complete; the device keeps it if it agrees.
  localparam logic [7:0] StatusNeedsReset = 8'h40;  // The device met an error it can not recover from.
  localparam logic [7:0] StatusFailed = 8'h80;  // The driver has given up.

  // Descriptor flags.
  localparam logic [15:0] DescriptorNext = 16'h1;  // The buffer goes on in the next descriptor.
  localparam logic [15:0] DescriptorWrite = 16'h2;  // The device writes; in a used descriptor: it has written.
  localparam logic [15:0] DescriptorIndirect = 16'h4;  // addr and len name a table of descriptors.
  localparam logic [15:0] DescriptorAvail = 16'h80;  // The driver's wrap counter when made available.
  localparam logic [15:0] DescriptorUsed = 16'h8000;  // Its inverse when available, equal to avail when used.

  // Flags of event suppression.
  localparam logic [1:0] EventEnable = 2'h0;  // Notify always.
  localparam logic [1:0] EventDisable = 2'h1;  // Never notify.
  localparam logic [1:0] EventDesc = 2'h2;  // Notify at the ring position; only with event_idx.

  // Flags of the network header.
  localparam logic [7:0] HeaderNeedsCsum = 8'h1;  // Sent: complete the checksum at csum_start + csum_offset.
  localparam logic [7:0] HeaderDataValid = 8'h2;  // Received: the transport checksum is right.

  localparam logic [7:0] GsoTcpv4 = 8'h1;  // TCP over IPv4.
  localparam logic [7:0] GsoTcpv6 = 8'h4;  // TCP over IPv6.
  localparam logic [7:0] GsoEcn = 8'h80;  // With either: congestion is notified in the first segment only.

  // Commands of the control queue: class and number; acks.
  localparam logic [15:0] ControlRxPromisc = 16'h0;  // Accept every frame: one byte, 1 or 0.
  localparam logic [15:0] ControlRxAllmulti = 16'h1;  // Accept all multicast frames.
  localparam logic [15:0] ControlRxAlluni = 16'h2;  // Accept all unicast frames.
  localparam logic [15:0] ControlRxNomulti = 16'h3;  // Accept no multicast frame.
  localparam logic [15:0] ControlRxNouni = 16'h4;  // Accept no unicast frame but those to the station.
  localparam logic [15:0] ControlRxNobcast = 16'h5;  // Accept no broadcast frame.
  localparam logic [15:0] ControlMacTableSet = 16'h100;  // Unicast and multicast addresses, each with a count before.
  localparam logic [15:0] ControlMacAddrSet = 16'h101;  // The station address: six bytes.
  localparam logic [15:0] ControlVlanAdd = 16'h200;  // Accept the frames of a VLAN: le16.
  localparam logic [15:0] ControlVlanDel = 16'h201;  // Do not.
  localparam logic [15:0] ControlAnnounceAck = 16'h300;  // The driver has seen that it is to announce itself.
  localparam logic [15:0] ControlMqPairsSet = 16'h400;  // Queue pairs in use: le16.
  localparam logic [15:0] ControlMqRssConfig = 16'h401;  // How packets are hashed and spread: RssConfig.
  localparam logic [15:0] ControlMqHashConfig = 16'h402;  // How packets are hashed, where there is no rss: HashConfig.
  localparam logic [15:0] ControlGuestOffloadsSet = 16'h500;  // Receive offloads in use: le64 of feature bits.
  localparam logic [15:0] ControlCoalTxSet = 16'h600;  // Moderation of all transmit queues.
  localparam logic [15:0] ControlCoalRxSet = 16'h601;  // Moderation of all receive queues.
  localparam logic [15:0] ControlCoalVqSet = 16'h602;  // Moderation of one queue.
  localparam logic [15:0] ControlCoalVqGet = 16'h603;  // Asks for it: the answer stands before the ack.

  localparam logic [7:0] ControlAckOk = 8'h0;  // Done.
  localparam logic [7:0] ControlAckErr = 8'h1;  // Refused: nothing has changed.

  // Receive side scaling.
  localparam int HashKeyBytes = 40;  // The Toeplitz key.
  localparam int IndirectionEntries = 128;  // Entries of the indirection table at most.

  localparam int HashTypeIpv4 = 0;  // Addresses of IPv4.
  localparam int HashTypeTcpv4 = 1;  // Addresses and ports of TCP over IPv4.
  localparam int HashTypeUdpv4 = 2;  // Addresses and ports of UDP over IPv4.
  localparam int HashTypeIpv6 = 3;  // Addresses of IPv6.
  localparam int HashTypeTcpv6 = 4;  // Addresses and ports of TCP over IPv6.
  localparam int HashTypeUdpv6 = 5;  // Addresses and ports of UDP over IPv6.

  localparam logic [3:0] HashReportNone = 4'h0;  // There is no hash.
  localparam logic [3:0] HashReportIpv4 = 4'h1;  // Addresses of IPv4.
  localparam logic [3:0] HashReportTcpv4 = 4'h2;  // Addresses and ports of TCP over IPv4.
  localparam logic [3:0] HashReportUdpv4 = 4'h3;  // Addresses and ports of UDP over IPv4.
  localparam logic [3:0] HashReportIpv6 = 4'h4;  // Addresses of IPv6.
  localparam logic [3:0] HashReportTcpv6 = 4'h5;  // Addresses and ports of TCP over IPv6.
  localparam logic [3:0] HashReportUdpv6 = 4'h6;  // Addresses and ports of UDP over IPv6.

  localparam logic [31:0] SupportedHashTypes = 32'h3F;  // Hash types of the device.
  localparam logic [319:0] DefaultHashKey = 320'h6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A6D5A;  // Until the driver sets one.

  // Structures in host memory.
  typedef struct packed {
    logic [15:0] flags;
    logic [15:0] id;
    logic [31:0] len;
    logic [63:0] addr;
  } packed_descriptor_t;

  typedef struct packed {
    logic [13:0] reserved;
    logic [1:0] flags;
    logic [0:0] wrap;
    logic [14:0] off;
  } event_suppression_t;

  typedef struct packed {
    logic [15:0] num_buffers;
    logic [15:0] csum_offset;
    logic [15:0] csum_start;
    logic [15:0] gso_size;
    logic [15:0] hdr_len;
    logic [7:0] gso_type;
    logic [7:0] flags;
  } net_header_t;

  // Registers: blocks by address in BAR 0, registers by offset in their block.
  localparam logic [15:0] CommonBase = 16'h0;  // Common configuration.
  localparam logic [15:0] CommonSize = 16'h40;  // Bytes.
  localparam logic [15:0] CommonDeviceFeatureSelect = 16'h0;  // Window of device_feature.
  localparam logic [15:0] CommonDeviceFeature = 16'h4;  // 32 offered feature bits.
  localparam logic [15:0] CommonDriverFeatureSelect = 16'h8;  // Window of driver_feature.
  localparam logic [15:0] CommonDriverFeature = 16'hC;  // 32 accepted feature bits.
  localparam logic [15:0] CommonConfigMsixVector = 16'h10;  // Vector of configuration changes; 0xFFFF: none.
  localparam logic [15:0] CommonNumQueues = 16'h12;  // Virtqueues of the device.
  localparam logic [15:0] CommonDeviceStatus = 16'h14;  // Handshake progress; 0 resets.
  localparam logic [15:0] CommonConfigGeneration = 16'h15;  // Differs after a change of the device configuration.
  localparam logic [15:0] CommonQueueSelect = 16'h16;  // Queue that the rows below show.
  localparam logic [15:0] CommonQueueSize = 16'h18;  // Descriptors in the queue; 0: no such queue.
  localparam logic [15:0] CommonQueueMsixVector = 16'h1A;  // Vector of used buffers; 0xFFFF: none.
  localparam logic [15:0] CommonQueueEnable = 16'h1C;  // 1 starts the queue.
  localparam logic [15:0] CommonQueueNotifyOff = 16'h1E;  // Slot of the queue in notify.
  localparam logic [15:0] CommonQueueDesc = 16'h20;  // Descriptor ring.
  localparam logic [15:0] CommonQueueDriver = 16'h28;  // Driver event suppression.
  localparam logic [15:0] CommonQueueDevice = 16'h30;  // Device event suppression.

  localparam logic [15:0] IsrBase = 16'h1000;  // Interrupt status.
  localparam logic [15:0] IsrSize = 16'h4;  // Bytes.
  localparam logic [15:0] IsrIsrStatus = 16'h0;  // Bit 0: used buffers; bit 1: configuration changed.

  localparam logic [15:0] DeviceBase = 16'h2000;  // Device configuration.
  localparam logic [15:0] DeviceSize = 16'h18;  // Bytes.
  localparam logic [15:0] DeviceMac = 16'h0;  // Station address, first byte first.
  localparam logic [15:0] DeviceLinkStatus = 16'h6;  // Bit 0: link up; bit 1: announce.
  localparam logic [15:0] DeviceMaxVirtqueuePairs = 16'h8;  // Pairs of a receive and a transmit queue.
  localparam logic [15:0] DeviceMtu = 16'hA;  // Largest packet of the network layer.
  localparam logic [15:0] DeviceRssMaxKeySize = 16'h11;  // Bytes of the key of a packet's hash.
  localparam logic [15:0] DeviceRssMaxIndirectionTableLength = 16'h12;  // Entries of the table that spreads packets.
  localparam logic [15:0] DeviceSupportedHashTypes = 16'h14;  // Bits of the hash types.

  localparam logic [15:0] NotifyBase = 16'h3000;  // Notifications, one entry a queue.
  localparam logic [15:0] NotifySize = 16'h24;  // Bytes.
  localparam logic [15:0] NotifyQueueIndex = 16'h0;  // The queue has available buffers.

  localparam logic [15:0] ModerationBase = 16'h4000;  // Interrupt moderation, one entry a queue of a pair.
  localparam logic [15:0] ModerationSize = 16'h40;  // Bytes.
  localparam logic [15:0] ModerationMaxPackets = 16'h0;  // Interrupt after so many.
  localparam logic [15:0] ModerationMaxUsecs = 16'h4;  // Or so long after the first.

  localparam logic [15:0] StatisticsBase = 16'h5000;  // Counters. A read of a lower half holds its upper half for the next read.
  localparam logic [15:0] StatisticsSize = 16'h170;  // Bytes.
  localparam logic [15:0] StatisticsTxFrames = 16'h0;  // Frames put on the wire.
  localparam logic [15:0] StatisticsTxOctets = 16'h8;  // Their bytes, FCS included.
  localparam logic [15:0] StatisticsRxFrames = 16'h10;  // Good frames taken off the wire.
  localparam logic [15:0] StatisticsRxOctets = 16'h18;  // Their bytes, FCS included.
  localparam logic [15:0] StatisticsRxFcsErrors = 16'h20;  // 64 bytes to the maximum, FCS wrong.
  localparam logic [15:0] StatisticsRxUndersize = 16'h28;  // Below 64 bytes, FCS right.
  localparam logic [15:0] StatisticsRxFragments = 16'h30;  // Below 64 bytes, FCS wrong.
  localparam logic [15:0] StatisticsRxOversize = 16'h38;  // Above the maximum, FCS right.
  localparam logic [15:0] StatisticsRxJabbers = 16'h40;  // Above the maximum, FCS wrong.
  localparam logic [15:0] StatisticsRxSymbolErrors = 16'h48;  // A control character inside the frame.
  localparam logic [15:0] StatisticsRxFramingErrors = 16'h50;  // No SFD where it belongs, or a start in a wrong lane.
  localparam logic [15:0] StatisticsRxDroppedOverrun = 16'h58;  // No room in the frame buffer.
  localparam logic [15:0] StatisticsRxDroppedNoBuffer = 16'h60;  // The receive queue had no (fitting) buffer, or was not live.
  localparam logic [15:0] StatisticsRxDroppedError = 16'h68;  // DMA write of the data failed.
  localparam logic [15:0] StatisticsTxDroppedMalformed = 16'h70;  // Too short or too long for a frame, or a header that asks for what can not be.
  localparam logic [15:0] StatisticsTxDroppedError = 16'h78;  // DMA read of the data failed.
  localparam logic [15:0] StatisticsInterrupts = 16'h80;  // MSI-X messages sent.
  localparam logic [15:0] StatisticsRxPackets = 16'h88;  // Packets given to the driver.
  localparam logic [15:0] StatisticsTxPackets = 16'h90;  // Buffers taken from the driver.
  localparam logic [15:0] StatisticsRxBuffersUnused = 16'h98;  // Buffers given back empty: no frame can begin in them.
  localparam logic [15:0] StatisticsRxBroadcast = 16'hA0;  // Good frames to all stations.
  localparam logic [15:0] StatisticsRxMulticast = 16'hA8;  // Good frames to other groups.
  localparam logic [15:0] StatisticsRxSize64 = 16'hB0;  // Frames of 64 bytes, FCS included.
  localparam logic [15:0] StatisticsRxSize127 = 16'hB8;  // Of 65 to 127.
  localparam logic [15:0] StatisticsRxSize255 = 16'hC0;  // Of 128 to 255.
  localparam logic [15:0] StatisticsRxSize511 = 16'hC8;  // Of 256 to 511.
  localparam logic [15:0] StatisticsRxSize1023 = 16'hD0;  // Of 512 to 1023.
  localparam logic [15:0] StatisticsRxSizeMax = 16'hD8;  // Of 1024 to the maximum.
  localparam logic [15:0] StatisticsRxPauseFrames = 16'hE0;  // PAUSE frames for this station.
  localparam logic [15:0] StatisticsRxPfcFrames = 16'hE8;  // Frames of priority flow control for this station.
  localparam logic [15:0] StatisticsRxUnsupportedOpcodes = 16'hF0;  // MAC control frames with an opcode that is not known.
  localparam logic [15:0] StatisticsRxControlIgnored = 16'hF8;  // MAC control frames for others, or longer than 64 bytes.
  localparam logic [15:0] StatisticsTxBroadcast = 16'h100;  // Frames sent to all stations.
  localparam logic [15:0] StatisticsTxMulticast = 16'h108;  // Frames sent to other groups.
  localparam logic [15:0] StatisticsTxSize64 = 16'h110;  // Frames of 64 bytes, FCS included.
  localparam logic [15:0] StatisticsTxSize127 = 16'h118;  // Of 65 to 127.
  localparam logic [15:0] StatisticsTxSize255 = 16'h120;  // Of 128 to 255.
  localparam logic [15:0] StatisticsTxSize511 = 16'h128;  // Of 256 to 511.
  localparam logic [15:0] StatisticsTxSize1023 = 16'h130;  // Of 512 to 1023.
  localparam logic [15:0] StatisticsTxSizeMax = 16'h138;  // Of 1024 to the maximum.
  localparam logic [15:0] StatisticsTxPauseFrames = 16'h140;  // PAUSE frames sent.
  localparam logic [15:0] StatisticsTxPfcFrames = 16'h148;  // Frames of priority flow control sent.
  localparam logic [15:0] StatisticsLocalFaults = 16'h150;  // Local faults found on the wire.
  localparam logic [15:0] StatisticsRemoteFaults = 16'h158;  // Remote faults found on the wire.
  localparam logic [15:0] StatisticsLinkTransitions = 16'h160;  // Changes of link_status, up and down.
  localparam logic [15:0] StatisticsRxFiltered = 16'h168;  // Good frames that the receive filter did not want.

  localparam logic [15:0] MacBase = 16'h6000;  // MAC: flow control, link fault.
  localparam logic [15:0] MacSize = 16'h10;  // Bytes.
  localparam logic [15:0] MacFlowControl = 16'h0;  // Bit 0: obey PAUSE; 1: send PAUSE; 2: obey priority flow control; 3: send it.
  localparam logic [15:0] MacPfcStops = 16'h1;  // Bit k: a pause of class k stops the transmit queue.
  localparam logic [15:0] MacPfcSends = 16'h2;  // Bit k: class k is asked to pause when the frame buffer fills.
  localparam logic [15:0] MacPauseQuanta = 16'h4;  // Time asked for, in units of 51.2 ns; asked for again after half of it.
  localparam logic [15:0] MacHighWatermark = 16'h8;  // Pause is asked for with so many bytes in the receive frame buffer.
  localparam logic [15:0] MacLowWatermark = 16'hA;  // And taken back with so many or fewer.
  localparam logic [15:0] MacLinkFault = 16'hC;  // What the wire says: 0 none, 1 local fault, 2 remote fault.
  localparam logic [15:0] MacPauseState = 16'hD;  // Bit 0: the peer has stopped us; bit 1: we have stopped the peer.

  localparam logic [15:0] MsixTableBase = 16'h8000;  // MSI-X table, one entry a vector.
  localparam logic [15:0] MsixTableSize = 16'hA0;  // Bytes.
  localparam logic [15:0] MsixTableAddressLow = 16'h0;  // Message address, bits 31:2.
  localparam logic [15:0] MsixTableAddressHigh = 16'h4;  // Message address, bits 63:32.
  localparam logic [15:0] MsixTableData = 16'h8;  // Message data.
  localparam logic [15:0] MsixTableVectorControl = 16'hC;  // Bit 0 masks the vector.

  localparam logic [15:0] MsixPendingBase = 16'h9000;  // MSI-X pending bits.
  localparam logic [15:0] MsixPendingSize = 16'h8;  // Bytes.
  localparam logic [15:0] MsixPendingPending = 16'h0;  // Bit v: vector v waits to be unmasked.

  localparam logic [15:0] NotifyMultiplier = 16'h4;  // Bytes between slots.
  localparam logic [15:0] ModerationStride = 16'h8;  // Bytes between queues.
  localparam logic [15:0] MsixStride = 16'h10;  // Bytes between vectors.
  localparam logic [15:0] NoVector = 16'hFFFF;  // Vector that stands for none.

  // Counters, by index; a counter's register is at 8 times its index.
  localparam int StatTxFrames = 0;
  localparam int StatTxOctets = 1;
  localparam int StatRxFrames = 2;
  localparam int StatRxOctets = 3;
  localparam int StatRxFcsErrors = 4;
  localparam int StatRxUndersize = 5;
  localparam int StatRxFragments = 6;
  localparam int StatRxOversize = 7;
  localparam int StatRxJabbers = 8;
  localparam int StatRxSymbolErrors = 9;
  localparam int StatRxFramingErrors = 10;
  localparam int StatRxDroppedOverrun = 11;
  localparam int StatRxDroppedNoBuffer = 12;
  localparam int StatRxDroppedError = 13;
  localparam int StatTxDroppedMalformed = 14;
  localparam int StatTxDroppedError = 15;
  localparam int StatInterrupts = 16;
  localparam int StatRxPackets = 17;
  localparam int StatTxPackets = 18;
  localparam int StatRxBuffersUnused = 19;
  localparam int StatRxBroadcast = 20;
  localparam int StatRxMulticast = 21;
  localparam int StatRxSize64 = 22;
  localparam int StatRxSize127 = 23;
  localparam int StatRxSize255 = 24;
  localparam int StatRxSize511 = 25;
  localparam int StatRxSize1023 = 26;
  localparam int StatRxSizeMax = 27;
  localparam int StatRxPauseFrames = 28;
  localparam int StatRxPfcFrames = 29;
  localparam int StatRxUnsupportedOpcodes = 30;
  localparam int StatRxControlIgnored = 31;
  localparam int StatTxBroadcast = 32;
  localparam int StatTxMulticast = 33;
  localparam int StatTxSize64 = 34;
  localparam int StatTxSize127 = 35;
  localparam int StatTxSize255 = 36;
  localparam int StatTxSize511 = 37;
  localparam int StatTxSize1023 = 38;
  localparam int StatTxSizeMax = 39;
  localparam int StatTxPauseFrames = 40;
  localparam int StatTxPfcFrames = 41;
  localparam int StatLocalFaults = 42;
  localparam int StatRemoteFaults = 43;
  localparam int StatLinkTransitions = 44;
  localparam int StatRxFiltered = 45;
  localparam int NumStats = 46;

endpackage

`default_nettype wire
