# Yosys on the whole NIC: each region may be left without its clock edge while it is not awake and
# its pins are quiet.
function(rests_region region)
  add_test(NAME Region.${region}
           COMMAND ${PROJECT_SOURCE_DIR}/tests/proof/region.sh ${region} ${ARGN} --
                   ${RINGSIDE_RTL_SOURCES})
  set_tests_properties(Region.${region} PROPERTIES LABELS proof TIMEOUT 300)
endfunction()

rests_region(host s_axil_awvalid_i 0 s_axil_wvalid_i 0 s_axil_arvalid_i 0
             s_axil_bready_i 0 s_axil_rready_i 0 link_up_i link_up_q bus_master_i bus_master_q
             msix_enable_i msix_enable_q msix_mask_i msix_mask_q)
rests_region(virtio)
rests_region(transmit)
rests_region(receive xgmii_rxc_i 255 xgmii_rxd_i "64'h0707070707070707")
rests_region(read m_axi_rvalid_i 0)
rests_region(write m_axi_bvalid_i 0)
rests_region(control)
