/// std::unique_ptr and std::shared_ptr for headers. <memory> alone would cost each of them 0.1 s, since it
/// brings the parallel algorithms and the range versions of what this project does not use; where the library
/// has the pointers in parts of their own, only those are taken.
#pragma once

#include <utility>

#if defined(__GLIBCXX__) && __has_include(<bits/unique_ptr.h>) && __has_include(<bits/shared_ptr.h>)
#include <bits/shared_ptr.h>
#include <bits/unique_ptr.h>
#else
#include <memory>
#endif
