<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AutomaticBox</name>
    <message>
        <source>The node makes batches of your calls, hands them to the other side as sealed letters, signs what agrees with your records, leaves out what does not, and claims rewards.</source>
        <translation>Der Knoten fasst Ihre Anrufe zu Paketen zusammen, übergibt sie der Gegenseite in versiegelten Briefen, unterschreibt, was mit Ihren Aufzeichnungen übereinstimmt, lässt anderes weg und beansprucht Vergütungen.</translation>
    </message>
    <message>
        <source>&amp;Do all this without being asked</source>
        <translation>All das &amp;selbsttätig erledigen</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source> h</source>
        <translation> h</translation>
    </message>
    <message>
        <source>&amp;Apply</source>
        <translation>Ü&amp;bernehmen</translation>
    </message>
    <message>
        <source>&amp;Look every:</source>
        <translation>&amp;Nachsehen alle:</translation>
    </message>
    <message>
        <source>A &amp;batch holds calls of:</source>
        <translation>Ein Ein &amp;Stapel umfasst Anrufe von:amp;Paket umfasst Anrufe von:</translation>
    </message>
    <message>
        <source>Least &amp;minutes of a batch:</source>
        <translation>&amp;Mindestminuten eines Pakets:</translation>
    </message>
    <message>
        <source>Claim nothing below (&amp;EMC):</source>
        <translation>Nichts beanspruchen unter (&amp;EMC):</translation>
    </message>
    <message>
        <source>This node runs without wallets (-disablewallet).</source>
        <translation>Dieser Knoten läuft ohne Wallets (-disablewallet).</translation>
    </message>
    <message>
        <source>It can sign and claim only while the wallet is unlocked for everything.</source>
        <translation>Unterschreiben und beanspruchen kann er nur, solange die Wallet ganz entsperrt ist.</translation>
    </message>
    <message>
        <source>Rewards are looked after from now on, after a restart, too</source>
        <translation>Um Vergütungen kümmert sich der Knoten ab jetzt selbst, auch nach einem Neustart</translation>
    </message>
    <message>
        <source>Nothing is done about rewards without being asked</source>
        <translation>Vergütungen werden nur auf Anweisung bearbeitet</translation>
    </message>
</context>
<context>
    <name>CoinDialog</name>
    <message>
        <source>Choose coins</source>
        <translation>Coins wählen</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Betrag</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Confirmations</source>
        <translation>Bestätigungen</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>&amp;Keep back, or free</source>
        <translation>&amp;Zurückhalten oder freigeben</translation>
    </message>
    <message>
        <source>Kept back</source>
        <translation>Zurückgehalten</translation>
    </message>
    <message numerus="yes">
        <source>%n coin(s) chosen, together %1</source>
        <translation>
            <numerusform>%n Coin gewählt, zusammen %1</numerusform>
            <numerusform>%n Coins gewählt, zusammen %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConsoleView</name>
    <message>
        <source>Calls as for emercoin-cli: &quot;help&quot; lists them, &quot;help getblock&quot; explains one.
If somebody tells you to type something here, be careful: it may take your coins.</source>
        <translation>Befehle wie bei emercoin-cli: „help“ listet sie auf, „help getblock“ erklärt einen.
Wenn Ihnen jemand sagt, was Sie hier eingeben sollen, seien Sie vorsichtig: Es kann Sie Ihre Coins kosten.</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>
… cut: the reply is longer</source>
        <translation>
… gekürzt: Die Antwort ist länger</translation>
    </message>
</context>
<context>
    <name>DnsEditor</name>
    <message>
        <source>&amp;Host name:</source>
        <translation>&amp;Hostname:</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>&amp;Records:</source>
        <translation>&amp;Einträge:</translation>
    </message>
    <message>
        <source>&amp;Add a record</source>
        <translation>Eintrag hin&amp;zufügen</translation>
    </message>
    <message>
        <source>Re&amp;move it</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>Add at least one record.</source>
        <translation>Fügen Sie mindestens einen Eintrag hinzu.</translation>
    </message>
</context>
<context>
    <name>EarningsPlot</name>
    <message>
        <source>No reward has been confirmed yet.</source>
        <translation>Noch keine Vergütung bestätigt.</translation>
    </message>
    <message>
        <source>Earned a month, at most %1</source>
        <translation>Vergütung pro Monat, höchstens %1</translation>
    </message>
</context>
<context>
    <name>EnumEditor</name>
    <message>
        <source>&amp;Number with country code:</source>
        <translation>&amp;Nummer mit Landesvorwahl:</translation>
    </message>
    <message>
        <source>Several people may hold records of one number. Each has a slot; callers get those a verifier has signed.</source>
        <translation>Mehrere Personen können Einträge zu einer Nummer haben, jede in einem eigenen Slot. Anrufer erhalten die, die eine Prüfstelle signiert hat.</translation>
    </message>
    <message>
        <source>S&amp;lot:</source>
        <translation>Sl&amp;ot:</translation>
    </message>
    <message>
        <source>Calls go to</source>
        <translation>Anrufe gehen an</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Preference</source>
        <translation>Präferenz</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>Ausdruck</translation>
    </message>
    <message>
        <source>&amp;Routes:</source>
        <translation>Rout&amp;en:</translation>
    </message>
    <message>
        <source>What callers get:</source>
        <translation>Was Anrufer erhalten:</translation>
    </message>
    <message>
        <source>as usual (a day)</source>
        <translation>wie üblich (ein Tag)</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>&amp;Kept by resolvers for:</source>
        <translation>Dauer im Resolver-&amp;Cache:</translation>
    </message>
    <message>
        <source>SIG=… lines as the verifier sent them</source>
        <translation>SIG=…-Zeilen, wie von der Prüfstelle erhalten</translation>
    </message>
    <message>
        <source>Si&amp;gnatures:</source>
        <translation>Si&amp;gnaturen:</translation>
    </message>
    <message>
        <source>&amp;Add a route</source>
        <translation>Route hin&amp;zufügen</translation>
    </message>
    <message>
        <source>Re&amp;move it</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>Line %1 is no signature. It looks like SIG=ver:name|… and comes from the verifier.</source>
        <translation>Zeile %1 ist keine Signatur. Eine Signatur sieht aus wie SIG=ver:name|… und kommt von der Prüfstelle.</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code, like %1.</source>
        <translation>Eine Nummer hat 4 bis 15 Ziffern und beginnt mit der Landesvorwahl, z. B. %1.</translation>
    </message>
    <message>
        <source>Write where calls go, like sip:100@pbx.example.</source>
        <translation>Geben Sie an, wohin Anrufe gehen, z. B. sip:100@pbx.example.</translation>
    </message>
    <message>
        <source>Callers reach a number only when a verifier they trust has signed it. Register it first, then ask one: &quot;Signature…&quot; has the text to send.</source>
        <translation>Eine Nummer ist nur erreichbar, wenn eine Prüfstelle sie signiert hat, der die Anrufer vertrauen. Registrieren Sie sie zuerst und fragen Sie dann eine Prüfstelle an: Unter „Signatur…“ steht der passende Text.</translation>
    </message>
    <message>
        <source>this expression does not match %1</source>
        <translation>dieser Ausdruck passt nicht auf %1</translation>
    </message>
    <message>
        <source>Nobody has registered this number yet.</source>
        <translation>Diese Nummer hat noch niemand registriert.</translation>
    </message>
    <message numerus="yes">
        <source>%n other record(s) of this number exist; this is the first free slot.</source>
        <translation>
            <numerusform>Zu dieser Nummer gibt es %n weiteren Eintrag; dies ist der erste freie Slot.</numerusform>
            <numerusform>Zu dieser Nummer gibt es %n weitere Einträge; dies ist der erste freie Slot.</numerusform>
        </translation>
    </message>
    <message>
        <source>An expression that does not match the number sends no call anywhere; ^.*$ matches every number.</source>
        <translation>Ein Ausdruck, der nicht auf die Nummer passt, leitet keinen Anruf weiter; ^.*$ passt auf jede Nummer.</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>This is the first start. The node keeps a verified copy of all numbers and names, and your wallet, in a folder on this computer.</source>
        <translation>Dies ist der erste Start. Der Node bewahrt eine geprüfte Kopie aller Nummern und Namen sowie Ihre Wallet in einem Ordner auf diesem Computer auf.</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>Durch&amp;suchen…</translation>
    </message>
    <message>
        <source>&amp;Remove old blocks; keep at most</source>
        <translation>&amp;Alte Blöcke entfernen; höchstens behalten</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>&amp;Wallet: coins and names of your own</source>
        <translation>&amp;Wallet: eigene Coins und Namen</translation>
    </message>
    <message>
        <source>&amp;Staking: earn with coins that lie still, while the wallet is unlocked for it</source>
        <translation>S&amp;taking: mit ruhenden Coins verdienen, solange die Wallet dafür entsperrt ist</translation>
    </message>
    <message>
        <source>&amp;DNS server: your telephone system asks this computer where numbers are</source>
        <translation>&amp;DNS-Server: Ihre Telefonanlage fragt diesen Computer, wo Nummern zu erreichen sind</translation>
    </message>
    <message>
        <source>&amp;Call records: be rewarded for calls your system completes</source>
        <translation>&amp;Verbindungsdaten: Vergütung für Anrufe, die Ihre Anlage zustellt</translation>
    </message>
    <message>
        <source>S&amp;tart</source>
        <translation>Sta&amp;rten</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>&amp;Ordner:</translation>
    </message>
    <message>
        <source>Space:</source>
        <translation>Speicherplatz:</translation>
    </message>
    <message>
        <source>Emercoin telephony node</source>
        <translation>Emercoin-Telefonie-Node</translation>
    </message>
    <message>
        <source>Folder for data</source>
        <translation>Datenordner</translation>
    </message>
    <message>
        <source>Write the whole path, beginning with /.</source>
        <translation>Geben Sie den vollständigen Pfad an, beginnend mit /.</translation>
    </message>
    <message>
        <source>This is a file, not a folder.</source>
        <translation>Dies ist eine Datei, kein Ordner.</translation>
    </message>
    <message>
        <source>Nothing can be written in %1.</source>
        <translation>In %1 kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>%1 frei</translation>
    </message>
    <message>
        <source>Less than 1 GB is free; removing old blocks helps.</source>
        <translation>Weniger als 1 GB ist frei; das Entfernen alter Blöcke hilft.</translation>
    </message>
    <message>
        <source>The folder holds a configuration file already; it stays as it is and the choices below do not count.</source>
        <translation>Der Ordner enthält bereits eine Konfigurationsdatei; sie bleibt unverändert, und die Auswahl unten gilt nicht.</translation>
    </message>
    <message>
        <source>%1 cannot be made.</source>
        <translation>%1 kann nicht angelegt werden.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 kann nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>Where the wallet comes from</source>
        <translation>Woher die Wallet kommt</translation>
    </message>
    <message>
        <source>A new one</source>
        <translation>Eine neue</translation>
    </message>
    <message>
        <source>Restore it from words</source>
        <translation>Aus Wörtern wiederherstellen</translation>
    </message>
    <message>
        <source>Restore it from a backup file</source>
        <translation>Aus einer Sicherungsdatei wiederherstellen</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Vorgang</translation>
    </message>
    <message>
        <source>Label and address</source>
        <translation>Bezeichnung und Adresse</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Betrag</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Search in labels, addresses, names, comments, transactions</source>
        <translation>In Bezeichnungen, Adressen, Namen, Kommentaren, Transaktionen suchen</translation>
    </message>
    <message>
        <source>Kind of transaction</source>
        <translation>Art der Transaktion</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Mined or minted</source>
        <translation>Erzeugt</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Zeitraum</translation>
    </message>
    <message>
        <source>Since ever</source>
        <translation>Gesamter Zeitraum</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Letzter Tag</translation>
    </message>
    <message>
        <source>Last week</source>
        <translation>Letzte Woche</translation>
    </message>
    <message>
        <source>Last month</source>
        <translation>Letzter Monat</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>Letztes Jahr</translation>
    </message>
    <message>
        <source>Least amount</source>
        <translation>Mindestbetrag</translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation>D&amp;etails</translation>
    </message>
    <message>
        <source>&amp;Label…</source>
        <translation>&amp;Bezeichnung…</translation>
    </message>
    <message>
        <source>&amp;Raise the fee</source>
        <translation>&amp;Gebühr erhöhen</translation>
    </message>
    <message>
        <source>&amp;Give up</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>Transaktion</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>Label of %1:</source>
        <translation>Bezeichnung von %1:</translation>
    </message>
    <message>
        <source>Give up?</source>
        <translation>Verwerfen?</translation>
    </message>
    <message>
        <source>Its coins become free again. If somebody has kept the transaction, it may still be mined.</source>
        <translation>Ihre Coins werden wieder frei. Hat jemand die Transaktion aufbewahrt, kann sie dennoch in einen Block gelangen.</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Raise the fee</source>
        <translation>Gebühr erhöhen</translation>
    </message>
    <message>
        <source>Replaced by transaction %1</source>
        <translation>Ersetzt durch Transaktion %1</translation>
    </message>
    <message>
        <source>The fee becomes %1 instead of %2.</source>
        <translation>Die Gebühr beträgt dann %1 statt %2.</translation>
    </message>
    <message>
        <source>&amp;Raise</source>
        <translation>&amp;Erhöhen</translation>
    </message>
    <message>
        <source>Export transactions</source>
        <translation>Transaktionen exportieren</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) written to %1</source>
        <translation>
            <numerusform>%n Zeile in %1 geschrieben</numerusform>
            <numerusform>%n Zeilen in %1 geschrieben</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Receive</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>Transaktionen</translation>
    </message>
    <message>
        <source>Manage Names</source>
        <translation>Namen verwalten</translation>
    </message>
    <message>
        <source>Call rewards</source>
        <translation>Anrufvergütung</translation>
    </message>
    <message>
        <source>Staking</source>
        <translation>Staking</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Node</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open &amp;link…</source>
        <translation>&amp;Link öffnen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Wallet</source>
        <translation>&amp;Wallet</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>Ü&amp;ber</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Emercoin telephony node, version %1.
Free software under the MIT licence.</source>
        <translation>Emercoin-Telefonie-Node, Version %1.
Freie Software unter der MIT-Lizenz.</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>Über &amp;Qt</translation>
    </message>
    <message>
        <source>&amp;Open wallets</source>
        <translation>&amp;Geöffnete Wallets</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Neu…</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Laden…</translation>
    </message>
    <message>
        <source>&amp;Restore a backup…</source>
        <translation>&amp;Sicherung wiederherstellen…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Encrypt, or change the passphrase…</source>
        <translation>&amp;Verschlüsseln oder Passphrase ändern…</translation>
    </message>
    <message>
        <source>Loc&amp;k</source>
        <translation>S&amp;perren</translation>
    </message>
    <message>
        <source>&amp;Unlock…</source>
        <translation>&amp;Entsperren…</translation>
    </message>
    <message>
        <source>&amp;Backup…</source>
        <translation>Siche&amp;rung erstellen…</translation>
    </message>
    <message>
        <source>&amp;Words to write down…</source>
        <translation>&amp;Wörter zum Aufschreiben…</translation>
    </message>
    <message>
        <source>S&amp;ign a message…</source>
        <translation>Nachricht s&amp;ignieren…</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Anzeigen</translation>
    </message>
    <message>
        <source>%1 %, %2 left</source>
        <translation>%1 %, noch %2</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>Block %1</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>network off</source>
        <translation>Netz aus</translation>
    </message>
    <message>
        <source>staking</source>
        <translation>Staking läuft</translation>
    </message>
    <message>
        <source>not staking</source>
        <translation>kein Staking</translation>
    </message>
    <message>
        <source>Emercoin</source>
        <translation>Emercoin</translation>
    </message>
    <message>
        <source>no wallet</source>
        <translation>keine Wallet</translation>
    </message>
    <message>
        <source>Emercoin — %1</source>
        <translation>Emercoin — %1</translation>
    </message>
    <message>
        <source>Not encrypted: whoever has the file has the coins</source>
        <translation>Nicht verschlüsselt: Wer die Datei hat, hat die Coins</translation>
    </message>
    <message>
        <source>Encrypted and locked</source>
        <translation>Verschlüsselt und gesperrt</translation>
    </message>
    <message>
        <source>Unlocked for staking only</source>
        <translation>Nur zum Staking entsperrt</translation>
    </message>
    <message>
        <source>Encrypted, unlocked until %1</source>
        <translation>Verschlüsselt, entsperrt bis %1</translation>
    </message>
    <message>
        <source>This wallet has no backup yet: Wallet, Backup</source>
        <translation>Von dieser Wallet gibt es noch keine Sicherung: Wallet, Sicherung erstellen</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>Link öffnen</translation>
    </message>
    <message>
        <source>Restore &amp;from words…</source>
        <translation>Aus &amp;Wörtern wiederherstellen…</translation>
    </message>
    <message>
        <source>%1, looking through the blocks: %2 %</source>
        <translation>%1, Blöcke werden durchsucht: %2 %</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Change %1</source>
        <translation>%1 ändern</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>Neuer Name</translation>
    </message>
    <message>
        <source>Telephone number (ENUM)</source>
        <translation>Telefonnummer (ENUM)</translation>
    </message>
    <message>
        <source>DNS record</source>
        <translation>DNS-Eintrag</translation>
    </message>
    <message>
        <source>Verifier</source>
        <translation>Prüfstelle</translation>
    </message>
    <message>
        <source>Anything else</source>
        <translation>Etwas anderes</translation>
    </message>
    <message>
        <source> days</source>
        <translation> Tage</translation>
    </message>
    <message>
        <source>as before</source>
        <translation>wie bisher</translation>
    </message>
    <message>
        <source>a fresh address of this wallet</source>
        <translation>eine neue Adresse dieser Wallet</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>Ar&amp;t:</translation>
    </message>
    <message>
        <source>&amp;Add to its time:</source>
        <translation>&amp;Verlängern um:</translation>
    </message>
    <message>
        <source>&amp;For:</source>
        <translation>&amp;Laufzeit:</translation>
    </message>
    <message>
        <source>&amp;Owner:</source>
        <translation>&amp;Inhaber:</translation>
    </message>
    <message>
        <source>&amp;Change</source>
        <translation>Än&amp;dern</translation>
    </message>
    <message>
        <source>&amp;Register</source>
        <translation>&amp;Registrieren</translation>
    </message>
    <message>
        <source>Hand over this name?</source>
        <translation>Diesen Namen übergeben?</translation>
    </message>
    <message>
        <source>%1 will belong to %2. Only its new owner can give it back.</source>
        <translation>%1 wird dann %2 gehören. Nur der neue Inhaber kann den Namen zurückgeben.</translation>
    </message>
    <message>
        <source>&amp;Hand over</source>
        <translation>Über&amp;geben</translation>
    </message>
</context>
<context>
    <name>NamesPage</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Days left</source>
        <translation>Resttage</translation>
    </message>
    <message>
        <source>Verifier</source>
        <translation>Prüfstelle</translation>
    </message>
    <message>
        <source>Search in names and values</source>
        <translation>In Namen und Werten suchen</translation>
    </message>
    <message>
        <source>Kind of name</source>
        <translation>Art des Namens</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Alle Arten</translation>
    </message>
    <message>
        <source>Telephone numbers</source>
        <translation>Telefonnummern</translation>
    </message>
    <message>
        <source>DNS records</source>
        <translation>DNS-Einträge</translation>
    </message>
    <message>
        <source>Verifiers</source>
        <translation>Prüfstellen</translation>
    </message>
    <message>
        <source>E&amp;xpire soon</source>
        <translation>&amp;Bald ablaufend</translation>
    </message>
    <message>
        <source>Show e&amp;xpired</source>
        <translation>Ab&amp;gelaufene zeigen</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Neu…</translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation>&amp;Ändern…</translation>
    </message>
    <message>
        <source>&amp;Renew…</source>
        <translation>&amp;Verlängern…</translation>
    </message>
    <message>
        <source>&amp;Signature…</source>
        <translation>&amp;Signatur…</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>&amp;Löschen…</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren…</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>The name is on its way in transaction %1</source>
        <translation>Der Name ist in Transaktion %1 unterwegs</translation>
    </message>
    <message>
        <source>The change is on its way in transaction %1</source>
        <translation>Die Änderung ist in Transaktion %1 unterwegs</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>Verlängern</translation>
    </message>
    <message numerus="yes">
        <source>Days to add to %n name(s):</source>
        <translation>
            <numerusform>Tage, um die %n Name verlängert wird:</numerusform>
            <numerusform>Tage, um die %n Namen verlängert werden:</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Renew</source>
        <translation>&amp;Verlängern</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>%1 ends now, and anybody may register it. Nothing is paid back.</source>
        <translation>%1 endet sofort und kann dann von jedem registriert werden. Es wird nichts erstattet.</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>On its way in transaction %1</source>
        <translation>In Transaktion %1 unterwegs</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Signatur</translation>
    </message>
    <message>
        <source>Only telephone numbers are signed by verifiers.</source>
        <translation>Prüfstellen signieren nur Telefonnummern.</translation>
    </message>
    <message>
        <source>Request a signature</source>
        <translation>Signatur anfordern</translation>
    </message>
    <message>
        <source>Send this to a verifier. Paste the SIG= line that comes back into the record: &quot;Change…&quot;, field &quot;Signatures&quot;.</source>
        <translation>Senden Sie dies an eine Prüfstelle. Fügen Sie die SIG=-Zeile aus der Antwort in den Eintrag ein: „Ändern…“, Feld „Signaturen“.</translation>
    </message>
    <message>
        <source>Export names</source>
        <translation>Namen exportieren</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) written to %1</source>
        <translation>
            <numerusform>%n Name in %1 geschrieben</numerusform>
            <numerusform>%n Namen in %1 geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>Import names</source>
        <translation>Namen importieren</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) will be registered.</source>
        <translation>
            <numerusform>%n Name wird registriert.</numerusform>
            <numerusform>%n Namen werden registriert.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Register</source>
        <translation>&amp;Registrieren</translation>
    </message>
    <message>
        <source>Write a number of days from 1 to %1.</source>
        <translation>Geben Sie eine Zahl von Tagen zwischen 1 und %1 ein.</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) get %1.</source>
        <translation>
            <numerusform>%n Name wird um %1 verlängert.</numerusform>
            <numerusform>%n Namen werden um %1 verlängert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more day(s)</source>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tage</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NodeInfo</name>
    <message>
        <source>Network:</source>
        <translation>Netz:</translation>
    </message>
    <message>
        <source>Data folder:</source>
        <translation>Datenordner:</translation>
    </message>
    <message>
        <source>Runs for:</source>
        <translation>Laufzeit:</translation>
    </message>
    <message>
        <source>Blocks:</source>
        <translation>Blöcke:</translation>
    </message>
    <message>
        <source>Time of the last one:</source>
        <translation>Zeit des letzten Blocks:</translation>
    </message>
    <message>
        <source>Live names:</source>
        <translation>Aktive Namen:</translation>
    </message>
    <message>
        <source>Connections:</source>
        <translation>Verbindungen:</translation>
    </message>
    <message>
        <source>Traffic:</source>
        <translation>Datenverkehr:</translation>
    </message>
    <message>
        <source>Transactions that wait:</source>
        <translation>Wartende Transaktionen:</translation>
    </message>
    <message>
        <source>DNS questions:</source>
        <translation>DNS-Anfragen:</translation>
    </message>
    <message>
        <source>%1 of %2 known</source>
        <translation>%1 von %2 bekannten</translation>
    </message>
    <message>
        <source>%1 outgoing, %2 incoming</source>
        <translation>%1 ausgehend, %2 eingehend</translation>
    </message>
    <message>
        <source>the network is switched off</source>
        <translation>das Netz ist abgeschaltet</translation>
    </message>
    <message>
        <source>%1 received, %2 sent</source>
        <translation>%1 empfangen, %2 gesendet</translation>
    </message>
    <message numerus="yes">
        <source>%n, %1</source>
        <translation>
            <numerusform>%n, %1</numerusform>
            <numerusform>%n, %1</numerusform>
        </translation>
    </message>
    <message>
        <source>the server does not run</source>
        <translation>der Server läuft nicht</translation>
    </message>
</context>
<context>
    <name>NodePage</name>
    <message>
        <source>&amp;Information</source>
        <translation>&amp;Informationen</translation>
    </message>
    <message>
        <source>&amp;Console</source>
        <translation>&amp;Konsole</translation>
    </message>
    <message>
        <source>&amp;Traffic</source>
        <translation>Daten&amp;verkehr</translation>
    </message>
    <message>
        <source>&amp;Peers</source>
        <translation>&amp;Peers</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Balance</source>
        <translation>Guthaben</translation>
    </message>
    <message>
        <source>Available:</source>
        <translation>Verfügbar:</translation>
    </message>
    <message>
        <source>Waiting for a block:</source>
        <translation>Wartet auf einen Block:</translation>
    </message>
    <message>
        <source>Mined or minted, not mature:</source>
        <translation>Erzeugt, noch nicht reif:</translation>
    </message>
    <message>
        <source>Held by names:</source>
        <translation>In Namen gebunden:</translation>
    </message>
    <message>
        <source>Together:</source>
        <translation>Gesamt:</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Dienste</translation>
    </message>
    <message>
        <source>Names:</source>
        <translation>Namen:</translation>
    </message>
    <message>
        <source>Staking:</source>
        <translation>Staking:</translation>
    </message>
    <message>
        <source>DNS server:</source>
        <translation>DNS-Server:</translation>
    </message>
    <message>
        <source>Recent transactions</source>
        <translation>Letzte Transaktionen</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>Keine Wallet ist geöffnet.</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>Noch nichts.</translation>
    </message>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n aktiv</numerusform>
            <numerusform>%n aktiv</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n expire(s) within a month</source>
        <translation>
            <numerusform>, %n läuft binnen eines Monats ab</numerusform>
            <numerusform>, %n laufen binnen eines Monats ab</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Change the passphrase</source>
        <translation>Passphrase ändern</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>With a passphrase, nobody who gets the file can spend from it. Leave it empty to have none.</source>
        <translation>Mit einer Passphrase kann niemand, der an die Datei gelangt, daraus zahlen. Lassen Sie das Feld leer, wenn Sie keine möchten.</translation>
    </message>
    <message>
        <source>Whoever has the file needs the passphrase to spend. There is no way around a forgotten one but the words you wrote down.</source>
        <translation>Wer die Datei hat, braucht zum Ausgeben die Passphrase. Ist sie vergessen, helfen nur noch die aufgeschriebenen Wörter.</translation>
    </message>
    <message>
        <source>&amp;Present passphrase:</source>
        <translation>&amp;Aktuelle Passphrase:</translation>
    </message>
    <message>
        <source>&amp;New passphrase:</source>
        <translation>&amp;Neue Passphrase:</translation>
    </message>
    <message>
        <source>&amp;Again:</source>
        <translation>&amp;Wiederholen:</translation>
    </message>
    <message>
        <source>Strength:</source>
        <translation>Stärke:</translation>
    </message>
    <message>
        <source>strong</source>
        <translation>stark</translation>
    </message>
    <message>
        <source>fair</source>
        <translation>mittel</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>schwach</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Die beiden Eingaben stimmen nicht überein.</translation>
    </message>
    <message>
        <source>Several words that have nothing to do with each other are harder to guess.</source>
        <translation>Mehrere Wörter, die nichts miteinander zu tun haben, sind schwerer zu erraten.</translation>
    </message>
</context>
<context>
    <name>Program</name>
    <message>
        <source>Emercoin</source>
        <translation>Emercoin</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet…</translation>
    </message>
</context>
<context>
    <name>PsbtDialog</name>
    <message>
        <source>Partially signed transaction</source>
        <translation>Teilweise signierte Transaktion</translation>
    </message>
    <message>
        <source>Paste base64, or load a file</source>
        <translation>Base64 einfügen oder Datei laden</translation>
    </message>
    <message>
        <source>&amp;Sign</source>
        <translation>&amp;Signieren</translation>
    </message>
    <message>
        <source>Send to the &amp;network</source>
        <translation>Ans &amp;Netz senden</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Laden…</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>Sp&amp;eichern…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;QR code</source>
        <translation>&amp;QR-Code</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 an %2</translation>
    </message>
    <message numerus="yes">
        <source>%n input(s)</source>
        <translation>
            <numerusform>%n Eingang</numerusform>
            <numerusform>%n Eingänge</numerusform>
        </translation>
    </message>
    <message>
        <source>, all signed</source>
        <translation>, alle signiert</translation>
    </message>
    <message>
        <source>, signatures are missing</source>
        <translation>, Signaturen fehlen</translation>
    </message>
    <message>
        <source>This wallet has no key for it, or has signed already.</source>
        <translation>Diese Wallet hat keinen Schlüssel dafür oder hat bereits signiert.</translation>
    </message>
    <message>
        <source>Send?</source>
        <translation>Senden?</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Senden</translation>
    </message>
    <message>
        <source>Sent in transaction %1</source>
        <translation>Gesendet in Transaktion %1</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>%1 kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 kann nicht geschrieben werden: %2.</translation>
    </message>
</context>
<context>
    <name>RawEditor</name>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Hexadecimal</source>
        <translation>Hexadezimal</translation>
    </message>
    <message>
        <source>Base64</source>
        <translation>Base64</translation>
    </message>
    <message>
        <source>&amp;Written as:</source>
        <translation>Eingabe al&amp;s:</translation>
    </message>
    <message>
        <source>&amp;Value:</source>
        <translation>&amp;Wert:</translation>
    </message>
    <message>
        <source>From a &amp;file…</source>
        <translation>Aus Dat&amp;ei…</translation>
    </message>
    <message>
        <source>Hexadecimal is pairs of 0–9 and a–f, like 48656c6c6f.</source>
        <translation>Hexadezimal sind Paare aus 0–9 und a–f, z. B. 48656c6c6f.</translation>
    </message>
    <message>
        <source>This is not base64.</source>
        <translation>Dies ist kein Base64.</translation>
    </message>
    <message>
        <source>A value has at most %1 bytes; this one has %2.</source>
        <translation>Ein Wert hat höchstens %1 Bytes; dieser hat %2.</translation>
    </message>
    <message>
        <source>A name has at most %1 bytes; this one has %2.</source>
        <translation>Ein Name hat höchstens %1 Bytes; dieser hat %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n Byte</numerusform>
            <numerusform>%n Bytes</numerusform>
        </translation>
    </message>
    <message>
        <source>These bytes are no text; they stay as they were.</source>
        <translation>Diese Bytes sind kein Text; sie bleiben unverändert.</translation>
    </message>
    <message>
        <source>Value from a file</source>
        <translation>Wert aus einer Datei</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>%1 kann nicht gelesen werden: %2.</translation>
    </message>
</context>
<context>
    <name>ReceivePage</name>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Received so far</source>
        <translation>Bisher empfangen</translation>
    </message>
    <message>
        <source>who will pay</source>
        <translation>wer zahlen wird</translation>
    </message>
    <message>
        <source>&amp;Label:</source>
        <translation>&amp;Bezeichnung:</translation>
    </message>
    <message>
        <source>left open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>&amp;Amount (EMC):</source>
        <translation>B&amp;etrag (EMC):</translation>
    </message>
    <message>
        <source>shown to the payer</source>
        <translation>wird dem Zahler angezeigt</translation>
    </message>
    <message>
        <source>&amp;Message:</source>
        <translation>&amp;Nachricht:</translation>
    </message>
    <message>
        <source>Segwit (bech32), cheapest to spend</source>
        <translation>SegWit (bech32), am günstigsten auszugeben</translation>
    </message>
    <message>
        <source>Taproot (bech32m)</source>
        <translation>Taproot (bech32m)</translation>
    </message>
    <message>
        <source>Segwit inside P2SH, for older wallets</source>
        <translation>SegWit in P2SH, für ältere Wallets</translation>
    </message>
    <message>
        <source>Legacy, for verifiers and signed messages</source>
        <translation>Legacy, für Prüfstellen und signierte Nachrichten</translation>
    </message>
    <message>
        <source>&amp;Type:</source>
        <translation>&amp;Typ:</translation>
    </message>
    <message>
        <source>&amp;New address</source>
        <translation>Neue Ad&amp;resse</translation>
    </message>
    <message>
        <source>&amp;Copy link</source>
        <translation>&amp;Link kopieren</translation>
    </message>
    <message>
        <source>Copy a&amp;ddress</source>
        <translation>Adresse &amp;kopieren</translation>
    </message>
    <message>
        <source>Make an address to show it here.</source>
        <translation>Erstellen Sie eine Adresse, um sie hier anzuzeigen.</translation>
    </message>
</context>
<context>
    <name>RecipientRow</name>
    <message>
        <source>Receiver %1</source>
        <translation>Empfänger %1</translation>
    </message>
    <message>
        <source>Pay &amp;to:</source>
        <translation>&amp;Zahlen an:</translation>
    </message>
    <message>
        <source>for your own records</source>
        <translation>für Ihre eigenen Unterlagen</translation>
    </message>
    <message>
        <source>&amp;Label:</source>
        <translation>&amp;Bezeichnung:</translation>
    </message>
    <message>
        <source>&amp;Amount (EMC):</source>
        <translation>B&amp;etrag (EMC):</translation>
    </message>
    <message>
        <source>The receiver pays the fee</source>
        <translation>Der Empfänger zahlt die Gebühr</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>Write the receiver&apos;s address.</source>
        <translation>Geben Sie die Adresse des Empfängers ein.</translation>
    </message>
    <message>
        <source>Write how much to pay.</source>
        <translation>Geben Sie den Betrag ein.</translation>
    </message>
</context>
<context>
    <name>ResolveBox</name>
    <message>
        <source>Number to resolve</source>
        <translation>Aufzulösende Nummer</translation>
    </message>
    <message>
        <source>A number with its country code</source>
        <translation>Eine Nummer mit Landesvorwahl</translation>
    </message>
    <message>
        <source>&amp;Where do calls go?</source>
        <translation>W&amp;ohin gehen Anrufe?</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code, like %1.</source>
        <translation>Eine Nummer hat 4 bis 15 Ziffern und beginnt mit der Landesvorwahl, z. B. %1.</translation>
    </message>
    <message>
        <source>This node has no DNS server.</source>
        <translation>Dieser Node hat keinen DNS-Server.</translation>
    </message>
    <message>
        <source> — slot %1</source>
        <translation> — Slot %1</translation>
    </message>
    <message>
        <source>, signed by %1</source>
        <translation>, signiert von %1</translation>
    </message>
    <message>
        <source>From the toll-free list %1</source>
        <translation>Aus der Liste gebührenfreier Nummern %1</translation>
    </message>
    <message>
        <source>Callers get no answer for this number.</source>
        <translation>Anrufer erhalten zu dieser Nummer keine Antwort.</translation>
    </message>
    <message>
        <source>Slot %1 does not count: %2</source>
        <translation>Slot %1 zählt nicht: %2</translation>
    </message>
</context>
<context>
    <name>RewardsPage</name>
    <message>
        <source>&amp;Batches</source>
        <translation>&amp;Pakete</translation>
    </message>
    <message>
        <source>Call &amp;records</source>
        <translation>V&amp;erbindungsdaten</translation>
    </message>
    <message>
        <source>The node keeps no call records. Start it with calls=1 in emercoin.conf to be rewarded for calls.</source>
        <translation>Der Node zeichnet keine Verbindungsdaten auf. Starten Sie ihn mit calls=1 in emercoin.conf, um für Anrufe vergütet zu werden.</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Neu…</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Laden…</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>P&amp;rüfen</translation>
    </message>
    <message>
        <source>&amp;Sign</source>
        <translation>&amp;Signieren</translation>
    </message>
    <message>
        <source>Sa&amp;ve for the other side…</source>
        <translation>Für die Gegenseite spei&amp;chern…</translation>
    </message>
    <message>
        <source>Cl&amp;aim…</source>
        <translation>E&amp;inlösen…</translation>
    </message>
    <message>
        <source>Re&amp;fuse…</source>
        <translation>A&amp;blehnen…</translation>
    </message>
    <message>
        <source>Only calls of this number</source>
        <translation>Nur Anrufe dieser Nummer</translation>
    </message>
    <message>
        <source>&amp;Import a file…</source>
        <translation>Datei i&amp;mportieren…</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code.</source>
        <translation>Eine Nummer hat 4 bis 15 Ziffern und beginnt mit der Landesvorwahl.</translation>
    </message>
    <message>
        <source>Call records</source>
        <translation>Verbindungsdaten</translation>
    </message>
    <message>
        <source>Written by:</source>
        <translation>Geschrieben von:</translation>
    </message>
    <message>
        <source>%1 new, %2 known, %3 not answered.</source>
        <translation>%1 neu, %2 bekannt, %3 nicht angenommen.</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>New batch</source>
        <translation>Neues Paket</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>Keine Wallet ist geöffnet.</translation>
    </message>
    <message>
        <source>Calling number:</source>
        <translation>Nummer des Anrufers:</translation>
    </message>
    <message>
        <source>Called number:</source>
        <translation>Angerufene Nummer:</translation>
    </message>
    <message numerus="yes">
        <source>A batch of %n call(s) was made; sign it, then hand it to the other side</source>
        <translation>
            <numerusform>Ein Paket mit %n Anruf wurde erstellt; signieren Sie es und geben Sie es dann der Gegenseite</numerusform>
            <numerusform>Ein Paket mit %n Anrufen wurde erstellt; signieren Sie es und geben Sie es dann der Gegenseite</numerusform>
        </translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Signieren</translation>
    </message>
    <message>
        <source>Sign?</source>
        <translation>Signieren?</translation>
    </message>
    <message>
        <source>Sign &amp;without the disputed calls</source>
        <translation>&amp;Ohne die strittigen Anrufe signieren</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>Einlösen</translation>
    </message>
    <message>
        <source>Claim?</source>
        <translation>Einlösen?</translation>
    </message>
    <message>
        <source>&amp;Claim</source>
        <translation>&amp;Einlösen</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Warum?</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Written to %1: hand it to the other side</source>
        <translation>In %1 geschrieben: Geben Sie die Datei der Gegenseite</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>A&amp;utomatic</source>
        <translation>A&amp;utomatik</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more problem(s)</source>
        <translation>
            <numerusform>… und %n weiteres Problem</numerusform>
            <numerusform>… und %n weitere Probleme</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SendPage</name>
    <message>
        <source>Next blocks</source>
        <translation>Nächste Blöcke</translation>
    </message>
    <message>
        <source>About an hour</source>
        <translation>Etwa eine Stunde</translation>
    </message>
    <message>
        <source>About a day, cheap</source>
        <translation>Etwa ein Tag, günstig</translation>
    </message>
    <message>
        <source>Own rate</source>
        <translation>Eigener Satz</translation>
    </message>
    <message>
        <source>&amp;Confirmed in:</source>
        <translation>Bestätigt &amp;in:</translation>
    </message>
    <message>
        <source>EMC for 1000 bytes</source>
        <translation>EMC je 1000 Bytes</translation>
    </message>
    <message>
        <source>Fee &amp;rate:</source>
        <translation>&amp;Gebührensatz:</translation>
    </message>
    <message>
        <source>C&amp;hoose coins…</source>
        <translation>&amp;Coins wählen…</translation>
    </message>
    <message>
        <source>Coins:</source>
        <translation>Coins:</translation>
    </message>
    <message>
        <source>&amp;Send…</source>
        <translation>&amp;Senden…</translation>
    </message>
    <message>
        <source>&amp;Another receiver</source>
        <translation>Weiterer E&amp;mpfänger</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>&amp;Leeren</translation>
    </message>
    <message>
        <source>Make &amp;PSBT…</source>
        <translation>&amp;PSBT erstellen…</translation>
    </message>
    <message>
        <source>L&amp;oad PSBT…</source>
        <translation>PSBT lade&amp;n…</translation>
    </message>
    <message>
        <source>The wallet chooses.</source>
        <translation>Die Wallet wählt.</translation>
    </message>
    <message numerus="yes">
        <source>%n chosen, together %1.</source>
        <translation>
            <numerusform>%n gewählt, zusammen %1.</numerusform>
            <numerusform>%n gewählt, zusammen %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>Keine Wallet ist geöffnet.</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 an %2</translation>
    </message>
    <message>
        <source>Fee: %1</source>
        <translation>Gebühr: %1</translation>
    </message>
    <message>
        <source>Together: %1</source>
        <translation>Gesamt: %1</translation>
    </message>
    <message>
        <source>The fee is more than 5 % of what you pay.</source>
        <translation>Die Gebühr übersteigt 5 % des gezahlten Betrags.</translation>
    </message>
    <message>
        <source>Send?</source>
        <translation>Senden?</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Senden</translation>
    </message>
    <message>
        <source>Sent in transaction %1</source>
        <translation>Gesendet in Transaktion %1</translation>
    </message>
    <message>
        <source>Fee:</source>
        <translation>Gebühr:</translation>
    </message>
    <message>
        <source>shown once there are an address and an amount</source>
        <translation>erscheint, sobald Adresse und Betrag eingegeben sind</translation>
    </message>
    <message numerus="yes">
        <source>about %1, with %n coin(s) spent</source>
        <translation>
            <numerusform>etwa %1, %n Coin wird ausgegeben</numerusform>
            <numerusform>etwa %1, %n Coins werden ausgegeben</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StakingPage</name>
    <message>
        <source>&amp;Stake with the coins of the open wallets</source>
        <translation>&amp;Staking mit den Coins der geöffneten Wallets</translation>
    </message>
    <message>
        <source>&amp;Unlock for staking only…</source>
        <translation>Nur zum Staking &amp;entsperren…</translation>
    </message>
    <message>
        <source>State:</source>
        <translation>Status:</translation>
    </message>
    <message>
        <source>Coins at work:</source>
        <translation>Coins im Staking:</translation>
    </message>
    <message>
        <source>A block is expected:</source>
        <translation>Block zu erwarten:</translation>
    </message>
    <message>
        <source>Next coin:</source>
        <translation>Nächster Coin:</translation>
    </message>
    <message>
        <source>Blocks found:</source>
        <translation>Gefundene Blöcke:</translation>
    </message>
    <message>
        <source>&amp;Keep back (EMC):</source>
        <translation>&amp;Zurückhalten (EMC):</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Betrag</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>Chance a day</source>
        <translation>Chance je Tag</translation>
    </message>
    <message>
        <source>Reward now</source>
        <translation>Ertrag jetzt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Staking.</source>
        <translation>Staking läuft.</translation>
    </message>
    <message>
        <source>Off.</source>
        <translation>Aus.</translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n coin(s); the network&apos;s: about %2</source>
        <translation>
            <numerusform>%1 in %n Coin; im ganzen Netz etwa %2</numerusform>
            <numerusform>%1 in %n Coins; im ganzen Netz etwa %2</numerusform>
        </translation>
    </message>
    <message>
        <source>about every %1</source>
        <translation>etwa alle %1</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message numerus="yes">
        <source>stakes from block %1, %n block(s) ahead</source>
        <translation>
            <numerusform>im Staking ab Block %1, noch %n Block</numerusform>
            <numerusform>im Staking ab Block %1, noch %n Blöcke</numerusform>
        </translation>
    </message>
    <message>
        <source>no coin waits for its age</source>
        <translation>kein Coin muss noch reifen</translation>
    </message>
    <message>
        <source>%1 since the start, %2 in the best chain</source>
        <translation>%1 seit dem Start, %2 in der besten Kette</translation>
    </message>
</context>
<context>
    <name>SyncOverlay</name>
    <message>
        <source>Blocks:</source>
        <translation>Blöcke:</translation>
    </message>
    <message>
        <source>Speed:</source>
        <translation>Tempo:</translation>
    </message>
    <message>
        <source>Time left:</source>
        <translation>Restzeit:</translation>
    </message>
    <message>
        <source>Names and staking:</source>
        <translation>Namen und Staking:</translation>
    </message>
    <message>
        <source>&amp;Look at the wallet meanwhile</source>
        <translation>&amp;Inzwischen die Wallet ansehen</translation>
    </message>
    <message>
        <source>Fetching and checking the chain</source>
        <translation>Die Kette wird geladen und geprüft</translation>
    </message>
    <message>
        <source>Balances and names are old until this is done.</source>
        <translation>Bis dahin sind Guthaben und Namen veraltet.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 blocks a second</source>
        <translation>%1 Blöcke pro Sekunde</translation>
    </message>
    <message numerus="yes">
        <source>%n live name(s) so far; staking begins when the chain is complete</source>
        <translation>
            <numerusform>bisher %n aktiver Name; Staking beginnt, sobald die Kette vollständig ist</numerusform>
            <numerusform>bisher %n aktive Namen; Staking beginnt, sobald die Kette vollständig ist</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrafficView</name>
    <message>
        <source>Last ten minutes. Now: %1/s received (filled), %2/s sent (line). Since the start: %3 and %4.</source>
        <translation>Letzte zehn Minuten. Jetzt: %1/s empfangen (Fläche), %2/s gesendet (Linie). Seit dem Start: %3 und %4.</translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message>
        <source>Unlock wallet</source>
        <translation>Wallet entsperren</translation>
    </message>
    <message>
        <source>Opens the wallet for staking only: nothing can be paid from it.</source>
        <translation>Öffnet die Wallet nur zum Staking: Zahlungen sind damit nicht möglich.</translation>
    </message>
    <message>
        <source>The wallet is locked. Its passphrase opens it for a minute.</source>
        <translation>Die Wallet ist gesperrt. Die Passphrase öffnet sie für eine Minute.</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Entsperren</translation>
    </message>
    <message>
        <source>&amp;Passphrase:</source>
        <translation>&amp;Passphrase:</translation>
    </message>
</context>
<context>
    <name>VerifierEditor</name>
    <message>
        <source>&amp;Identifier:</source>
        <translation>&amp;Kennung:</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>&amp;Web page:</source>
        <translation>&amp;Webseite:</translation>
    </message>
    <message>
        <source>&amp;E-mail:</source>
        <translation>&amp;E-Mail:</translation>
    </message>
    <message>
        <source>How you &amp;verify:</source>
        <translation>&amp;Prüfverfahren:</translation>
    </message>
    <message>
        <source>&amp;Fee:</source>
        <translation>&amp;Gebühr:</translation>
    </message>
    <message>
        <source>&amp;Revocation list:</source>
        <translation>&amp;Sperrliste:</translation>
    </message>
    <message>
        <source>1 to 32 of a–z, 0–9, dot, dash and underscore, a letter or digit first.</source>
        <translation>1 bis 32 Zeichen aus a–z, 0–9, Punkt, Bindestrich und Unterstrich; am Anfang ein Buchstabe oder eine Ziffer.</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>%1 has no value</source>
        <translation>%1 hat keinen Wert</translation>
    </message>
    <message>
        <source>%1: the mark | separates records and cannot be part of one</source>
        <translation>%1: Das Zeichen | trennt Einträge und darf in keinem vorkommen</translation>
    </message>
    <message>
        <source>TTL is a number of seconds, like 3600</source>
        <translation>TTL ist eine Anzahl Sekunden, z. B. 3600</translation>
    </message>
    <message>
        <source>A: &apos;%1&apos; is no IPv4 address like 192.0.2.1</source>
        <translation>A: „%1“ ist keine IPv4-Adresse wie 192.0.2.1</translation>
    </message>
    <message>
        <source>AAAA: &apos;%1&apos; is no IPv6 address like 2001:db8::1</source>
        <translation>AAAA: „%1“ ist keine IPv6-Adresse wie 2001:db8::1</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>Costs %1: name fee %2, network fee %3.</source>
        <translation>Kostet %1: Namensgebühr %2, Netzgebühr %3.</translation>
    </message>
    <message>
        <source>Live until about %1 (block %2).</source>
        <translation>Aktiv bis etwa %1 (Block %2).</translation>
    </message>
    <message numerus="yes">
        <source>%n signature(s) will be left out: they belong to the present owner.</source>
        <translation>
            <numerusform>%n Signatur entfällt: Sie gehört zum jetzigen Inhaber.</numerusform>
            <numerusform>%n Signaturen entfallen: Sie gehören zum jetzigen Inhaber.</numerusform>
        </translation>
    </message>
    <message>
        <source>needs a name, a value and days</source>
        <translation>braucht Name, Wert und Tage</translation>
    </message>
    <message>
        <source>a name has 1 to %1 bytes</source>
        <translation>ein Name hat 1 bis %1 Bytes</translation>
    </message>
    <message>
        <source>a value has at most %1 bytes</source>
        <translation>ein Wert hat höchstens %1 Bytes</translation>
    </message>
    <message>
        <source>days are a number from 1 to %1</source>
        <translation>Tage sind eine Zahl von 1 bis %1</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>%1 kann nicht geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>%1 kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>%1 is too large.</source>
        <translation>%1 ist zu groß.</translation>
    </message>
    <message>
        <source>%1 holds no names.</source>
        <translation>%1 enthält keine Namen.</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>nicht signiert</translation>
    </message>
    <message>
        <source>waits for a block</source>
        <translation>wartet auf einen Block</translation>
    </message>
    <message>
        <source>live</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>expires soon</source>
        <translation>läuft bald ab</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>abgelaufen</translation>
    </message>
    <message>
        <source>handed over</source>
        <translation>übergeben</translation>
    </message>
    <message>
        <source>What:</source>
        <translation>Vorgang:</translation>
    </message>
    <message>
        <source>When:</source>
        <translation>Zeit:</translation>
    </message>
    <message>
        <source>State:</source>
        <translation>Status:</translation>
    </message>
    <message>
        <source>Amount:</source>
        <translation>Betrag:</translation>
    </message>
    <message>
        <source>Fee of the transaction:</source>
        <translation>Transaktionsgebühr:</translation>
    </message>
    <message>
        <source>Address:</source>
        <translation>Adresse:</translation>
    </message>
    <message>
        <source>Label:</source>
        <translation>Bezeichnung:</translation>
    </message>
    <message>
        <source>Comment:</source>
        <translation>Kommentar:</translation>
    </message>
    <message>
        <source>Block:</source>
        <translation>Block:</translation>
    </message>
    <message>
        <source>Transaction:</source>
        <translation>Transaktion:</translation>
    </message>
    <message>
        <source>Output:</source>
        <translation>Ausgang:</translation>
    </message>
    <message>
        <source>This node has no wallet to stake with.</source>
        <translation>Dieser Node hat keine Wallet für das Staking.</translation>
    </message>
    <message>
        <source>Staking is off.</source>
        <translation>Staking ist aus.</translation>
    </message>
    <message>
        <source>Not staking: %1</source>
        <translation>Kein Staking: %1</translation>
    </message>
    <message>
        <source>Staking with %1; a block is expected about every %2.</source>
        <translation>Staking mit %1; mittlere Zeit bis zu einem Block: %2.</translation>
    </message>
    <message>
        <source>unknown time</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>The DNS server does not run.</source>
        <translation>Der DNS-Server läuft nicht.</translation>
    </message>
    <message>
        <source>Connected for %1. Version %2. Services: %3. Its clock is %4 s ahead.</source>
        <translation>Verbunden seit %1. Version %2. Dienste: %3. Seine Uhr geht %4 s vor.</translation>
    </message>
    <message>
        <source>stakes</source>
        <translation>im Staking</translation>
    </message>
    <message>
        <source>Emercoin telephony node</source>
        <translation>Emercoin-Telefonie-Node</translation>
    </message>
    <message>
        <source>QR code</source>
        <translation>QR-Code</translation>
    </message>
    <message>
        <source>This is too long for a QR code; save it as a file.</source>
        <translation>Dies ist zu lang für einen QR-Code; speichern Sie es als Datei.</translation>
    </message>
    <message>
        <source>not signed yet</source>
        <translation>noch nicht signiert</translation>
    </message>
    <message>
        <source>waits for the other side</source>
        <translation>wartet auf die Gegenseite</translation>
    </message>
    <message>
        <source>signed by both, may be claimed</source>
        <translation>von beiden signiert, kann eingelöst werden</translation>
    </message>
    <message>
        <source>claimed, waits for a block</source>
        <translation>eingelöst, wartet auf einen Block</translation>
    </message>
    <message>
        <source>rewarded</source>
        <translation>vergütet</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>Caller</source>
        <translation>Anrufer</translation>
    </message>
    <message>
        <source>Called</source>
        <translation>Angerufener</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Anrufe</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>Anspruch</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Lasted</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Call-ID</source>
        <translation>Call-ID</translation>
    </message>
    <message>
        <source>Transaction %1.</source>
        <translation>Transaktion %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n disputed call(s) were left out.</source>
        <translation>
            <numerusform>%n strittiger Anruf wurde ausgelassen.</numerusform>
            <numerusform>%n strittige Anrufe wurden ausgelassen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) agree with the own records.</source>
        <translation>
            <numerusform>%n Anruf stimmt mit den eigenen Daten überein.</numerusform>
            <numerusform>%n Anrufe stimmen mit den eigenen Daten überein.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1 am %2: %3</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) are disputed together.</source>
        <translation>
            <numerusform>Insgesamt ist %n Anruf strittig.</numerusform>
            <numerusform>Insgesamt sind %n Anrufe strittig.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n own call(s) of the period are missing in it.</source>
        <translation>
            <numerusform>%n eigener Anruf aus dem Zeitraum fehlt darin.</numerusform>
            <numerusform>%n eigene Anrufe aus dem Zeitraum fehlen darin.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Claim %1: the minutes allow %2, the age of your coins %3.
You get %4, the caller&apos;s side %5, the network fee is %6.
%n coin(s) worth %7 lose their age; staking it would have brought %8.</source>
        <translation>
            <numerusform>%1 einlösen: Die Minuten erlauben %2, das Alter Ihrer Coins %3.
Sie erhalten %4, die Seite des Anrufers %5, die Netzgebühr beträgt %6.
%n Coin im Wert von %7 verliert sein Alter; Staking damit hätte %8 eingebracht.</numerusform>
            <numerusform>%1 einlösen: Die Minuten erlauben %2, das Alter Ihrer Coins %3.
Sie erhalten %4, die Seite des Anrufers %5, die Netzgebühr beträgt %6.
%n Coins im Wert von %7 verlieren ihr Alter; Staking damit hätte %8 eingebracht.</numerusform>
        </translation>
    </message>
    <message>
        <source>Write one decimal point and no separators, like 1234.5</source>
        <translation>Nur ein Dezimalpunkt und keine Trennzeichen, z. B. 1234.5</translation>
    </message>
    <message>
        <source>Write an amount in EMC, like 1.5</source>
        <translation>Geben Sie einen Betrag in EMC ein, z. B. 1.5</translation>
    </message>
    <message>
        <source>Only digits and one decimal point belong here, like 1.5</source>
        <translation>Hier sind nur Ziffern und ein Dezimalpunkt erlaubt, z. B. 1.5</translation>
    </message>
    <message>
        <source>An amount has at most 8 decimals</source>
        <translation>Ein Betrag hat höchstens 8 Nachkommastellen</translation>
    </message>
    <message>
        <source>There are not that many coins</source>
        <translation>So viele Coins gibt es nicht</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>d</source>
        <translation>d</translation>
    </message>
    <message>
        <source>h</source>
        <translation>h</translation>
    </message>
    <message>
        <source>min</source>
        <translation>min</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Mined, not in the chain</source>
        <translation>Erzeugt, nicht in der Kette</translation>
    </message>
    <message>
        <source>Mined or minted, not mature</source>
        <translation>Erzeugt, noch nicht reif</translation>
    </message>
    <message>
        <source>Mined or minted</source>
        <translation>Erzeugt</translation>
    </message>
    <message>
        <source>given up</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <source>another one spent its coins</source>
        <translation>eine andere hat ihre Coins ausgegeben</translation>
    </message>
    <message numerus="yes">
        <source>%n confirmation(s)</source>
        <translation>
            <numerusform>%n Bestätigung</numerusform>
            <numerusform>%n Bestätigungen</numerusform>
        </translation>
    </message>
    <message>
        <source>&apos;%1&apos; is no emercoin: address.</source>
        <translation>„%1“ ist keine emercoin:-Adresse.</translation>
    </message>
    <message>
        <source>This link names no address.</source>
        <translation>Dieser Link nennt keine Adresse.</translation>
    </message>
    <message>
        <source>The link&apos;s amount &apos;%1&apos; is wrong.</source>
        <translation>Der Betrag „%1“ im Link ist ungültig.</translation>
    </message>
    <message>
        <source>The link asks for &apos;%1&apos;, which this version does not know.</source>
        <translation>Der Link verlangt „%1“, was diese Version nicht kennt.</translation>
    </message>
    <message>
        <source>Wallet</source>
        <translation>Wallet</translation>
    </message>
    <message>
        <source>This node runs without wallets (-disablewallet).</source>
        <translation>Dieser Node läuft ohne Wallets (-disablewallet).</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>Keine Wallet ist geöffnet.</translation>
    </message>
    <message>
        <source>Name of the wallet:</source>
        <translation>Name der Wallet:</translation>
    </message>
    <message>
        <source>default</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>New wallet</source>
        <translation>Neue Wallet</translation>
    </message>
    <message>
        <source>Load wallet</source>
        <translation>Wallet laden</translation>
    </message>
    <message>
        <source>There are no wallets in the folder.</source>
        <translation>Im Ordner sind keine Wallets.</translation>
    </message>
    <message>
        <source>Wallet:</source>
        <translation>Wallet:</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>Sicherung wiederherstellen</translation>
    </message>
    <message>
        <source>Close wallet</source>
        <translation>Wallet schließen</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>Passphrase ändern</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>Verschlüsseln</translation>
    </message>
    <message>
        <source>The passphrase was changed. Backups keep the one they had.</source>
        <translation>Die Passphrase wurde geändert. Sicherungen behalten ihre bisherige.</translation>
    </message>
    <message>
        <source>The wallet is encrypted and locked. Make a new backup; older ones are not encrypted.</source>
        <translation>Die Wallet ist verschlüsselt und gesperrt. Erstellen Sie eine neue Sicherung; ältere sind nicht verschlüsselt.</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Sicherung</translation>
    </message>
    <message>
        <source>%1 was written, read again and is whole. Keep it on another device.</source>
        <translation>%1 wurde geschrieben, wieder gelesen und ist vollständig. Bewahren Sie die Datei auf einem anderen Gerät auf.</translation>
    </message>
    <message>
        <source>Words to write down</source>
        <translation>Wörter zum Aufschreiben</translation>
    </message>
    <message>
        <source>Sign a message</source>
        <translation>Nachricht signieren</translation>
    </message>
    <message>
        <source>Legacy address of this wallet:</source>
        <translation>Legacy-Adresse dieser Wallet:</translation>
    </message>
    <message>
        <source>Message:</source>
        <translation>Nachricht:</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>Link öffnen</translation>
    </message>
    <message>
        <source>In the DNS other letters are written in another way: %1.</source>
        <translation>Im DNS werden andere Buchstaben anders geschrieben: %1.</translation>
    </message>
    <message>
        <source>A host name is words of letters, digits, dashes and underscores joined by dots, like example.coin; a word has at most 63 characters.</source>
        <translation>Ein Hostname besteht aus Wörtern aus Buchstaben, Ziffern, Binde- und Unterstrichen mit Punkten dazwischen, z. B. example.coin; ein Wort hat höchstens 63 Zeichen.</translation>
    </message>
    <message>
        <source>the name or the value is not base64</source>
        <translation>Name oder Wert ist kein Base64</translation>
    </message>
    <message>
        <source>%1, line %2: %3.</source>
        <translation>%1, Zeile %2: %3.</translation>
    </message>
    <message>
        <source>Give the wallet a name.</source>
        <translation>Geben Sie der Wallet einen Namen.</translation>
    </message>
    <message>
        <source>A name has no / in it and begins with no dot.</source>
        <translation>Ein Name enthält kein / und beginnt nicht mit einem Punkt.</translation>
    </message>
    <message>
        <source>The words, with blanks between them:</source>
        <translation>Die Wörter, mit Leerzeichen dazwischen:</translation>
    </message>
    <message>
        <source>Their own passphrase, if they have one:</source>
        <translation>Ihre eigene Passphrase, falls vorhanden:</translation>
    </message>
    <message>
        <source>Only letters, digits and signs of ASCII can be used here.</source>
        <translation>Hier gehen nur Buchstaben, Ziffern und Zeichen aus ASCII.</translation>
    </message>
    <message>
        <source>Restore from words</source>
        <translation>Aus Wörtern wiederherstellen</translation>
    </message>
    <message>
        <source>restored</source>
        <translation>wiederhergestellt</translation>
    </message>
    <message>
        <source>The wallet is back; all blocks were looked through.</source>
        <translation>Die Wallet ist wieder da; alle Blöcke wurden durchsucht.</translation>
    </message>
    <message>
        <source>An earlier operation of %1 waits for a block, in transaction %2. Nothing else can be done with the name until then.</source>
        <translation>Ein früherer Vorgang mit %1 wartet auf einen Block, in Transaktion %2. Bis dahin ist mit dem Namen nichts anderes möglich.</translation>
    </message>
    <message>
        <source>Answers at %1. Questions so far: %2. Live names: %3.</source>
        <translation>Antwortet auf %1. Anfragen bisher: %2. Aktive Namen: %3.</translation>
    </message>
    <message numerus="yes">
        <source>%n begun minute(s)</source>
        <translation>
            <numerusform>%n angefangene Minute</numerusform>
            <numerusform>%n angefangene Minuten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s), %1</source>
        <translation>
            <numerusform>%n Anruf, %1</numerusform>
            <numerusform>%n Anrufe, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WordsDialog</name>
    <message>
        <source>Words to write down</source>
        <translation>Wörter zum Aufschreiben</translation>
    </message>
    <message>
        <source>Write these words on paper, in this order. Whoever has them has the coins; without the wallet file they are what brings everything back. Do not photograph them.</source>
        <translation>Schreiben Sie diese Wörter in dieser Reihenfolge auf Papier. Wer sie hat, hat die Coins; geht die Wallet-Datei verloren, bringen nur sie alles zurück. Fotografieren Sie sie nicht.</translation>
    </message>
    <message>
        <source>I have &amp;written them</source>
        <translation>Ich habe sie &amp;aufgeschrieben</translation>
    </message>
    <message>
        <source>Word %1:</source>
        <translation>Wort %1:</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>P&amp;rüfen</translation>
    </message>
    <message>
        <source>Word %1 is another one. Look at your paper; Cancel shows the words anew.</source>
        <translation>Wort %1 ist ein anderes. Sehen Sie auf Ihrem Papier nach; „Abbrechen“ zeigt die Wörter erneut.</translation>
    </message>
</context>
<context>
    <name>emc::qt</name>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Ping</source>
        <translation>Ping</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>&amp;Disconnect</source>
        <translation>&amp;Trennen</translation>
    </message>
    <message>
        <source>&amp;Ban for a day</source>
        <translation>Einen Tag &amp;sperren</translation>
    </message>
    <message>
        <source>B&amp;ans…</source>
        <translation>Sp&amp;erren…</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n Verbindung</numerusform>
            <numerusform>%n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Peers</source>
        <translation>Peers</translation>
    </message>
    <message>
        <source>Bans</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>Nobody is banned.</source>
        <translation>Niemand ist gesperrt.</translation>
    </message>
    <message>
        <source> until %1</source>
        <translation> bis %1</translation>
    </message>
    <message>
        <source>Lift this ban:</source>
        <translation>Diese Sperre aufheben:</translation>
    </message>
</context>
</TS>
