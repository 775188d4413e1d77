<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>CoinDialog</name>
    <message numerus="yes">
        <source>%n coin(s) chosen, together %1</source>
        <translation>
            <numerusform>%n coin chosen, together %1</numerusform>
            <numerusform>%n coins chosen, together %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EnumEditor</name>
    <message numerus="yes">
        <source>%n other record(s) of this number exist; this is the first free slot.</source>
        <translation>
            <numerusform>%n other record of this number exists; this is the first free slot.</numerusform>
            <numerusform>%n other records of this number exist; this is the first free slot.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message numerus="yes">
        <source>%n line(s) written to %1</source>
        <translation>
            <numerusform>%n line written to %1</numerusform>
            <numerusform>%n lines written to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n connection</numerusform>
            <numerusform>%n connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NamesPage</name>
    <message numerus="yes">
        <source>Days to add to %n name(s):</source>
        <translation>
            <numerusform>Days to add to %n name:</numerusform>
            <numerusform>Days to add to %n names:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) written to %1</source>
        <translation>
            <numerusform>%n name written to %1</numerusform>
            <numerusform>%n names written to %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) will be registered.</source>
        <translation>
            <numerusform>%n name will be registered.</numerusform>
            <numerusform>%n names will be registered.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) get %1.</source>
        <translation>
            <numerusform>%n name gets %1.</numerusform>
            <numerusform>%n names get %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more day(s)</source>
        <translation>
            <numerusform>%n more day</numerusform>
            <numerusform>%n more days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NodeInfo</name>
    <message numerus="yes">
        <source>%n, %1</source>
        <translation>
            <numerusform>%n, %1</numerusform>
            <numerusform>%n, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n live</numerusform>
            <numerusform>%n live</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n expire(s) within a month</source>
        <translation>
            <numerusform>, %n expires within a month</numerusform>
            <numerusform>, %n expire within a month</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PsbtDialog</name>
    <message numerus="yes">
        <source>%n input(s)</source>
        <translation>
            <numerusform>%n input</numerusform>
            <numerusform>%n inputs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RawEditor</name>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RewardsPage</name>
    <message numerus="yes">
        <source>A batch of %n call(s) was made; sign it, then hand it to the other side</source>
        <translation>
            <numerusform>A batch of %n call was made; sign it, then hand it to the other side</numerusform>
            <numerusform>A batch of %n calls was made; sign it, then hand it to the other side</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more problem(s)</source>
        <translation>
            <numerusform>… and %n more problem</numerusform>
            <numerusform>… and %n more problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SendPage</name>
    <message numerus="yes">
        <source>%n chosen, together %1.</source>
        <translation>
            <numerusform>%n chosen, together %1.</numerusform>
            <numerusform>%n chosen, together %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %1, with %n coin(s) spent</source>
        <translation>
            <numerusform>about %1, with %n coin spent</numerusform>
            <numerusform>about %1, with %n coins spent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StakingPage</name>
    <message numerus="yes">
        <source>%1 in %n coin(s); the network&apos;s: about %2</source>
        <translation>
            <numerusform>%1 in %n coin; the network&apos;s: about %2</numerusform>
            <numerusform>%1 in %n coins; the network&apos;s: about %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>stakes from block %1, %n block(s) ahead</source>
        <translation>
            <numerusform>stakes from block %1, %n block ahead</numerusform>
            <numerusform>stakes from block %1, %n blocks ahead</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SyncOverlay</name>
    <message numerus="yes">
        <source>%n live name(s) so far; staking begins when the chain is complete</source>
        <translation>
            <numerusform>%n live name so far; staking begins when the chain is complete</numerusform>
            <numerusform>%n live names so far; staking begins when the chain is complete</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message numerus="yes">
        <source>%n signature(s) will be left out: they belong to the present owner.</source>
        <translation>
            <numerusform>%n signature will be left out: it belongs to the present owner.</numerusform>
            <numerusform>%n signatures will be left out: they belong to the present owner.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n disputed call(s) were left out.</source>
        <translation>
            <numerusform>%n disputed call was left out.</numerusform>
            <numerusform>%n disputed calls were left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) agree with the own records.</source>
        <translation>
            <numerusform>%n call agrees with the own records.</numerusform>
            <numerusform>%n calls agree with the own records.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) are disputed together.</source>
        <translation>
            <numerusform>%n call is disputed together.</numerusform>
            <numerusform>%n calls are disputed together.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n own call(s) of the period are missing in it.</source>
        <translation>
            <numerusform>%n own call of the period is missing in it.</numerusform>
            <numerusform>%n own calls of the period are missing in it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Claim %1: the minutes allow %2, the age of your coins %3.
You get %4, the caller&apos;s side %5, the network fee is %6.
%n coin(s) worth %7 lose their age; staking it would have brought %8.</source>
        <translation>
            <numerusform>Claim %1: the minutes allow %2, the age of your coins %3.
You get %4, the caller&apos;s side %5, the network fee is %6.
%n coin worth %7 loses its age; staking it would have brought %8.</numerusform>
            <numerusform>Claim %1: the minutes allow %2, the age of your coins %3.
You get %4, the caller&apos;s side %5, the network fee is %6.
%n coins worth %7 lose their age; staking it would have brought %8.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n confirmation(s)</source>
        <translation>
            <numerusform>%n confirmation</numerusform>
            <numerusform>%n confirmations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n begun minute(s)</source>
        <translation>
            <numerusform>%n begun minute</numerusform>
            <numerusform>%n begun minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s), %1</source>
        <translation>
            <numerusform>%n call, %1</numerusform>
            <numerusform>%n calls, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>emc::qt</name>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n connection</numerusform>
            <numerusform>%n connections</numerusform>
        </translation>
    </message>
</context>
</TS>
