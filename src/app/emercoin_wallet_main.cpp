#include "app/wallet_tool.h"

int main(int argc, char** argv)
{
    return emc::app::RunWalletTool({argv + 1, argv + argc});
}
