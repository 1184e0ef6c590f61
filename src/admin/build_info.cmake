# Writes OUTPUT, the definition of admin::build_info(), unless it says the same already. No date is in it, so that the
# same sources give the same program.
execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=*
                WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR NOT revision)
  set(revision "unknown")
endif()
set(text "#include \"admin/build_info.h\"

const kintsugi::admin::BuildInfo& kintsugi::admin::build_info() {
  static const BuildInfo info{\"${VERSION}\", \"${revision}\", \"${BUILD_TYPE}\", \"${COMPILER}\", \"${SANITIZERS}\"};
  return info;
}
")
set(before "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} before)
endif()
if(NOT before STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()
