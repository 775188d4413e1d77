// Runs saved inputs through one fuzz target: every argument is a file, or a folder whose files are all run.
// Prints how many inputs ran; a target reports a fault by aborting.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);

namespace {

namespace fs = std::filesystem;

bool RunFile(const fs::path& path)
{
    std::ifstream in{path, std::ios::binary};
    if (!in.is_open()) {
        std::fprintf(stderr, "%s: cannot be opened\n", path.c_str());
        return false;
    }
    std::ostringstream text;
    text << in.rdbuf();
    const std::string input = std::move(text).str();
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    return true;
}

} // namespace

int main(int argc, char* argv[])
{
    if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
    std::size_t inputs = 0;
    bool readable = true;
    for (int i = 1; i < argc; ++i) {
        const fs::path path{argv[i]};
        if (!fs::is_directory(path)) {
            readable = RunFile(path) && readable;
            ++inputs;
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            if (!entry.is_regular_file()) continue;
            readable = RunFile(entry.path()) && readable;
            ++inputs;
        }
    }
    std::printf("%zu inputs\n", inputs);
    return readable ? 0 : 1;
}
