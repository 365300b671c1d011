include(CMakePackageConfigHelpers)
install(DIRECTORY include/frai DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(FRAI_TARGETS frai)
if(FRAI_SHARED)
  list(APPEND FRAI_TARGETS frai_shared)
endif()
install(TARGETS ${FRAI_TARGETS} EXPORT frai LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS frai-index frai-search RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT frai NAMESPACE frai:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/frai)
configure_package_config_file(cmake/fraiConfig.cmake.in ${CMAKE_BINARY_DIR}/fraiConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/frai)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/fraiConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/fraiConfig.cmake ${CMAKE_BINARY_DIR}/fraiConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/frai)
# frai.pc finds its prefix from where it lies, so that the tree can be moved.
file(RELATIVE_PATH FRAI_PC_PREFIX /x/${CMAKE_INSTALL_LIBDIR}/pkgconfig /x)
configure_file(cmake/frai.pc.in ${CMAKE_BINARY_DIR}/frai.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/frai.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
