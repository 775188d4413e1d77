// Writes test/vectors/consensus: make_vectors FOLDER.
#include "unit/consensus/cases.h"

#include <fstream>
#include <iostream>

int main(int argc, char* argv[])
{
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " FOLDER\n";
        return 2;
    }
    for (const emc::test::CaseFile& file : emc::test::CaseFiles()) {
        emc::test::CaseList cases;
        file.fill(cases);
        std::ofstream out(std::string(argv[1]) + "/" + file.name, std::ios::binary);
        out << cases.Text(file.comment);
        if (!out.flush()) {
            std::cerr << "cannot write " << file.name << "\n";
            return 1;
        }
    }
    return 0;
}
