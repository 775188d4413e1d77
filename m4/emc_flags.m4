dnl EMC_ADD_CXXFLAG(VARIABLE, FLAG): append FLAG to VARIABLE if the C++ compiler takes it without a warning.
AC_DEFUN([EMC_ADD_CXXFLAG], [
  AS_VAR_PUSHDEF([emc_cache], [emc_cv_cxxflag_$2])
  AC_CACHE_CHECK([whether $CXX takes $2], [emc_cache], [
    emc_saved_flags=$CXXFLAGS
    CXXFLAGS="$CXXFLAGS $2 -Werror"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([emc_cache], [yes])], [AS_VAR_SET([emc_cache], [no])])
    CXXFLAGS=$emc_saved_flags
  ])
  AS_VAR_IF([emc_cache], [yes], [$1="$$1 $2"])
  AS_VAR_POPDEF([emc_cache])
])

dnl EMC_ADD_LDFLAG(VARIABLE, FLAG): append FLAG to VARIABLE if linking a program with it succeeds.
AC_DEFUN([EMC_ADD_LDFLAG], [
  AS_VAR_PUSHDEF([emc_cache], [emc_cv_ldflag_$2])
  AC_CACHE_CHECK([whether the linker takes $2], [emc_cache], [
    emc_saved_flags=$LDFLAGS
    LDFLAGS="$LDFLAGS $2"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([emc_cache], [yes])], [AS_VAR_SET([emc_cache], [no])])
    LDFLAGS=$emc_saved_flags
  ])
  AS_VAR_IF([emc_cache], [yes], [$1="$$1 $2"])
  AS_VAR_POPDEF([emc_cache])
])

dnl EMC_REQUIRE_LINK(FLAGS, SENTENCE): stop with SENTENCE unless a program links with FLAGS.
AC_DEFUN([EMC_REQUIRE_LINK], [
  AC_MSG_CHECKING([whether a program links with $1])
  emc_saved_flags=$CXXFLAGS
  emc_saved_ldflags=$LDFLAGS
  CXXFLAGS="$CXXFLAGS $1"
  LDFLAGS="$LDFLAGS $1"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])], [
    AC_MSG_RESULT([no])
    AC_MSG_ERROR([$2])
  ])
  CXXFLAGS=$emc_saved_flags
  LDFLAGS=$emc_saved_ldflags
])
