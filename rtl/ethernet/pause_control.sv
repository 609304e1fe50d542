// Whether the other end has asked us to be silent: by a PAUSE frame (IEEE 802.3, 31B), or by
// priority flow control (31D) for a class that stops the queue. Either is obeyed if the host says
// so.
`default_nettype none

module pause_control (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic [63:0]               time_ps_i,
  input  wire logic [63:0]               time_ps_q_i,  // of the cycle before, while awake
  input  wire ethernet_pkg::mac_config_t config_i,
  input  wire ethernet_pkg::peer_t       peer_i,
  input  wire logic [127:0]              quanta_i,
  output logic                           paused_o,
  output logic [63:0]                    deadline_ps_o,
  output logic                           quiescent_o
);

  logic [63:0] link_until_ps, link_deadline_ps, class_until_ps, class_deadline_ps;
  logic        link_paused, link_quiescent, class_paused, class_set, class_silent;
  logic        class_quiescent, classes_quiescent;

  always_comb begin
    link_until_ps = '0;
    if (peer_i.pause) begin
      link_until_ps = time_ps_i + 64'(quanta_i[15:0]) * 64'(ethernet_pkg::QuantumPs);
    end
  end

  pause_timer u_link (
    .clk_i,
    .rst_i,
    .enable_i     (config_i.obey_pause),
    .time_ps_q_i,
    .set_i        (peer_i.pause),
    .silent_i     (quanta_i[15:0] != 16'd0),
    .until_ps_i   (link_until_ps),
    .paused_o     (link_paused),
    .deadline_ps_o(link_deadline_ps),
    .quiescent_o  (link_quiescent)
  );

  class_pause u_classes (
    .clk_i,
    .rst_i,
    .enable_i   (config_i.obey_pfc),
    .time_ps_i,
    .request_i  (peer_i.pfc),
    .classes_i  (peer_i.classes),
    .quanta_i,
    .stops_i    (config_i.pfc_stops),
    .set_o      (class_set),
    .silent_o   (class_silent),
    .until_ps_o (class_until_ps),
    .quiescent_o(classes_quiescent)
  );

  pause_timer u_class (
    .clk_i,
    .rst_i,
    .enable_i     (config_i.obey_pfc),
    .time_ps_q_i,
    .set_i        (class_set),
    .silent_i     (class_silent),
    .until_ps_i   (class_until_ps),
    .paused_o     (class_paused),
    .deadline_ps_o(class_deadline_ps),
    .quiescent_o  (class_quiescent)
  );

  assign paused_o      = link_paused || class_paused;
  assign deadline_ps_o = link_paused && link_deadline_ps < class_deadline_ps ? link_deadline_ps
                                                                             : class_deadline_ps;
  assign quiescent_o   = link_quiescent && class_quiescent && classes_quiescent;

endmodule

`default_nettype wire
