include(CMakePackageConfigHelpers)
install(DIRECTORY include/frai DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(FRAI_TARGETS frai)
if(FRAI_SHARED)
  list(APPEND FRAI_TARGETS frai_shared)
endif()
install(TARGETS ${FRAI_TARGETS} EXPORT frai LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET frai-index)
  install(TARGETS frai-index frai-search RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(EXPORT frai NAMESPACE frai:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/frai)
configure_package_config_file(cmake/fraiConfig.cmake.in ${PROJECT_BINARY_DIR}/fraiConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/frai)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fraiConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fraiConfig.cmake ${PROJECT_BINARY_DIR}/fraiConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/frai)

# frai.pc finds its prefix from where it lies, so that the tree can be moved. Libraries from folders
# that the linker doesn't know are told with these.
file(RELATIVE_PATH FRAI_PC_PREFIX /x/${CMAKE_INSTALL_LIBDIR}/pkgconfig /x)
set(FRAI_PC_LIBRARIES)
foreach(library ${FRAI_LINKED})
  string(TOUPPER ${library} name)
  cmake_path(GET FRAI_${name}_LIBRARY PARENT_PATH folder)
  if(NOT folder IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
    list(APPEND FRAI_PC_LIBRARIES "-L\"${folder}\"")
  endif()
  list(APPEND FRAI_PC_LIBRARIES -l${library})
endforeach()
list(REMOVE_DUPLICATES FRAI_PC_LIBRARIES)
list(JOIN FRAI_PC_LIBRARIES " " FRAI_PC_LIBRARIES)
configure_file(cmake/frai.pc.in ${PROJECT_BINARY_DIR}/frai.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/frai.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
