dnl EMC_PKG(PREFIX, PKG-CONFIG MODULES, DEBIAN PACKAGE, PURPOSE)
dnl Sets PREFIX_CFLAGS and PREFIX_LIBS, or stops and names the Debian package.
AC_DEFUN([EMC_PKG], [
  PKG_CHECK_MODULES([$1], [$2], [], [
    AC_MSG_ERROR([$2 not found, needed for $4. Install the Debian package '$3' (or run depends/install.sh).])
  ])
])

dnl EMC_OPTIONAL_LIB(NAME, PREFIX, HEADER, LIBRARY FLAGS, TEST BODY, DEBIAN PACKAGE, PURPOSE)
dnl --with-NAME=yes|no|auto. Sets PREFIX_LIBS, and with_NAME to yes or no; with yes it stops when the library is not there.
AC_DEFUN([EMC_OPTIONAL_LIB], [
  AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=yes|no|auto], [$7 (default: when the library is there)])],
    [], [with_$1=auto])
  AS_IF([test "x$with_$1" != xno], [
    AC_MSG_CHECKING([for $3 and $4])
    emc_saved_libs=$LIBS
    LIBS="$4 $LIBS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <$3>]], [[$5]])], [AC_MSG_RESULT([yes])
      $2_LIBS="$4" with_$1=yes], [
      AC_MSG_RESULT([no])
      AS_IF([test "x$with_$1" = xyes],
        [AC_MSG_ERROR([$3 not found or not usable, needed for $7. Install the Debian package '$6' (or run depends/install.sh).])])
      with_$1=no
    ])
    LIBS=$emc_saved_libs
  ])
  AC_SUBST([$2_LIBS])
])

dnl EMC_LIB(PREFIX, HEADER, LIBRARY FLAGS, TEST BODY, DEBIAN PACKAGE, PURPOSE)
dnl For libraries without a pkg-config file: compiles and links TEST BODY.
AC_DEFUN([EMC_LIB], [
  AC_ARG_VAR([$1_CFLAGS], [C++ compiler flags for $6])
  AC_ARG_VAR([$1_LIBS], [linker flags for $6])
  AS_IF([test "x$$1_LIBS" = x], [$1_LIBS="$3"])
  AC_MSG_CHECKING([for $2 and $$1_LIBS])
  emc_saved_cppflags=$CPPFLAGS
  emc_saved_libs=$LIBS
  CPPFLAGS="$CPPFLAGS $$1_CFLAGS"
  LIBS="$$1_LIBS $LIBS"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <$2>]], [[$4]])], [AC_MSG_RESULT([yes])], [
    AC_MSG_RESULT([no])
    AC_MSG_ERROR([$2 not found or not usable, needed for $6. Install the Debian package '$5' (or run depends/install.sh).])
  ])
  CPPFLAGS=$emc_saved_cppflags
  LIBS=$emc_saved_libs
])
