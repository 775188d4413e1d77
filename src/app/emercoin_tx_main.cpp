#include "app/tx_tool.h"

int main(int argc, char** argv)
{
    return emc::app::RunTxTool({argv + 1, argv + argc});
}
