/// std::function for headers. <functional> alone would cost each of them 0.1 s, since it brings <algorithm>
/// and <unordered_map>; where the library has std::function in a part of its own, only that part is taken.
#pragma once

#include <cstddef>

#if defined(__GLIBCXX__) && __has_include(<bits/std_function.h>)
#include <bits/std_function.h>
#else
#include <functional>
#endif
