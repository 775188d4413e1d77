#include "app/util_tool.h"

int main(int argc, char** argv)
{
    return emc::app::RunUtilTool({argv + 1, argv + argc});
}
