#include "app/cli.h"

int main(int argc, char** argv)
{
    return emc::app::RunCli({argv + 1, argv + argc});
}
