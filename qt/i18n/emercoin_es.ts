<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES">
<context>
    <name>AutomaticBox</name>
    <message>
        <source>The node makes batches of your calls, hands them to the other side as sealed letters, signs what agrees with your records, leaves out what does not, and claims rewards.</source>
        <translation>El nodo forma lotes con sus llamadas, los entrega a la otra parte en cartas selladas, firma lo que coincide con sus registros, omite lo que no coincide y reclama las recompensas.</translation>
    </message>
    <message>
        <source>&amp;Do all this without being asked</source>
        <translation>&amp;Hacer todo esto automáticamente</translation>
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
        <translation>&amp;Aplicar</translation>
    </message>
    <message>
        <source>&amp;Look every:</source>
        <translation>&amp;Revisar cada:</translation>
    </message>
    <message>
        <source>A &amp;batch holds calls of:</source>
        <translation>Un &amp;lote reúne llamadas de:</translation>
    </message>
    <message>
        <source>Least &amp;minutes of a batch:</source>
        <translation>&amp;Minutos mínimos de un lote:</translation>
    </message>
    <message>
        <source>Claim nothing below (&amp;EMC):</source>
        <translation>No reclamar menos de (&amp;EMC):</translation>
    </message>
    <message>
        <source>This node runs without wallets (-disablewallet).</source>
        <translation>Este nodo funciona sin monederos (-disablewallet).</translation>
    </message>
    <message>
        <source>It can sign and claim only while the wallet is unlocked for everything.</source>
        <translation>Solo puede firmar y reclamar mientras el monedero esté desbloqueado para todo.</translation>
    </message>
    <message>
        <source>Rewards are looked after from now on, after a restart, too</source>
        <translation>Desde ahora el nodo se ocupa de las recompensas, también después de reiniciar</translation>
    </message>
    <message>
        <source>Nothing is done about rewards without being asked</source>
        <translation>Las recompensas solo se tramitan cuando usted lo pide</translation>
    </message>
</context>
<context>
    <name>CoinDialog</name>
    <message>
        <source>Choose coins</source>
        <translation>Elegir monedas</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Importe</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Etiqueta</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Confirmations</source>
        <translation>Confirmaciones</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Salida</translation>
    </message>
    <message>
        <source>&amp;Keep back, or free</source>
        <translation>&amp;Reservar o liberar</translation>
    </message>
    <message>
        <source>Kept back</source>
        <translation>Reservada</translation>
    </message>
    <message numerus="yes">
        <source>%n coin(s) chosen, together %1</source>
        <translation>
            <numerusform>%n moneda elegida, en total %1</numerusform>
            <numerusform>%n monedas elegidas, en total %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConsoleView</name>
    <message>
        <source>Calls as for emercoin-cli: &quot;help&quot; lists them, &quot;help getblock&quot; explains one.
If somebody tells you to type something here, be careful: it may take your coins.</source>
        <translation>Órdenes como en emercoin-cli: «help» las enumera, «help getblock» explica una.
Si alguien le pide que escriba algo aquí, tenga cuidado: podría quitarle sus monedas.</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Orden</translation>
    </message>
    <message>
        <source>
… cut: the reply is longer</source>
        <translation>
… recortado: la respuesta es más larga</translation>
    </message>
</context>
<context>
    <name>DnsEditor</name>
    <message>
        <source>&amp;Host name:</source>
        <translation>Nombre de &amp;host:</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>&amp;Records:</source>
        <translation>Re&amp;gistros:</translation>
    </message>
    <message>
        <source>&amp;Add a record</source>
        <translation>Añadir &amp;un registro</translation>
    </message>
    <message>
        <source>Re&amp;move it</source>
        <translation>&amp;Quitar</translation>
    </message>
    <message>
        <source>Add at least one record.</source>
        <translation>Añada al menos un registro.</translation>
    </message>
</context>
<context>
    <name>EarningsPlot</name>
    <message>
        <source>No reward has been confirmed yet.</source>
        <translation>Aún no se ha confirmado ninguna recompensa.</translation>
    </message>
    <message>
        <source>Earned a month, at most %1</source>
        <translation>Ganancias al mes, máximo %1</translation>
    </message>
</context>
<context>
    <name>EnumEditor</name>
    <message>
        <source>&amp;Number with country code:</source>
        <translation>&amp;Número con prefijo de país:</translation>
    </message>
    <message>
        <source>Several people may hold records of one number. Each has a slot; callers get those a verifier has signed.</source>
        <translation>Varias personas pueden tener registros de un mismo número, cada una en su slot. Quien llama recibe los que ha firmado un verificador.</translation>
    </message>
    <message>
        <source>S&amp;lot:</source>
        <translation>S&amp;lot:</translation>
    </message>
    <message>
        <source>Calls go to</source>
        <translation>Destino de las llamadas</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Servicio</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Orden</translation>
    </message>
    <message>
        <source>Preference</source>
        <translation>Preferencia</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>Expresión</translation>
    </message>
    <message>
        <source>&amp;Routes:</source>
        <translation>Ruta&amp;s:</translation>
    </message>
    <message>
        <source>What callers get:</source>
        <translation>Qué recibe quien llama:</translation>
    </message>
    <message>
        <source>as usual (a day)</source>
        <translation>lo habitual (un día)</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>&amp;Kept by resolvers for:</source>
        <translation>Tiempo en cac&amp;hé:</translation>
    </message>
    <message>
        <source>SIG=… lines as the verifier sent them</source>
        <translation>Líneas SIG=… tal como las envió el verificador</translation>
    </message>
    <message>
        <source>Si&amp;gnatures:</source>
        <translation>&amp;Firmas:</translation>
    </message>
    <message>
        <source>&amp;Add a route</source>
        <translation>Añadir &amp;una ruta</translation>
    </message>
    <message>
        <source>Re&amp;move it</source>
        <translation>&amp;Quitar</translation>
    </message>
    <message>
        <source>Line %1 is no signature. It looks like SIG=ver:name|… and comes from the verifier.</source>
        <translation>La línea %1 no es una firma. Una firma tiene la forma SIG=ver:name|… y la envía el verificador.</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code, like %1.</source>
        <translation>Un número tiene de 4 a 15 cifras y empieza por el prefijo de país, p. ej. %1.</translation>
    </message>
    <message>
        <source>Write where calls go, like sip:100@pbx.example.</source>
        <translation>Indique adónde van las llamadas, p. ej. sip:100@pbx.example.</translation>
    </message>
    <message>
        <source>Callers reach a number only when a verifier they trust has signed it. Register it first, then ask one: &quot;Signature…&quot; has the text to send.</source>
        <translation>Solo se puede llamar a un número si lo ha firmado un verificador en quien confía quien llama. Regístrelo primero y luego solicite la firma: en «Firma…» está el texto que debe enviar.</translation>
    </message>
    <message>
        <source>this expression does not match %1</source>
        <translation>esta expresión no coincide con %1</translation>
    </message>
    <message>
        <source>Nobody has registered this number yet.</source>
        <translation>Nadie ha registrado aún este número.</translation>
    </message>
    <message numerus="yes">
        <source>%n other record(s) of this number exist; this is the first free slot.</source>
        <translation>
            <numerusform>Existe %n registro más de este número; este es el primer slot libre.</numerusform>
            <numerusform>Existen %n registros más de este número; este es el primer slot libre.</numerusform>
        </translation>
    </message>
    <message>
        <source>An expression that does not match the number sends no call anywhere; ^.*$ matches every number.</source>
        <translation>Una expresión que no coincide con el número no lleva ninguna llamada a ningún sitio; ^.*$ coincide con cualquier número.</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Welcome</source>
        <translation>Le damos la bienvenida</translation>
    </message>
    <message>
        <source>This is the first start. The node keeps a verified copy of all numbers and names, and your wallet, in a folder on this computer.</source>
        <translation>Este es el primer inicio. El nodo guarda en una carpeta de este equipo una copia verificada de todos los números y nombres, además de su monedero.</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Examinar…</translation>
    </message>
    <message>
        <source>&amp;Remove old blocks; keep at most</source>
        <translation>Eliminar &amp;bloques antiguos; conservar como máximo</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>&amp;Wallet: coins and names of your own</source>
        <translation>&amp;Monedero: monedas y nombres propios</translation>
    </message>
    <message>
        <source>&amp;Staking: earn with coins that lie still, while the wallet is unlocked for it</source>
        <translation>&amp;Staking: gane con monedas en reposo mientras el monedero esté desbloqueado para ello</translation>
    </message>
    <message>
        <source>&amp;DNS server: your telephone system asks this computer where numbers are</source>
        <translation>Servidor &amp;DNS: su centralita pregunta a este equipo dónde están los números</translation>
    </message>
    <message>
        <source>&amp;Call records: be rewarded for calls your system completes</source>
        <translation>&amp;Registros de llamadas: reciba recompensas por las llamadas que su sistema completa</translation>
    </message>
    <message>
        <source>S&amp;tart</source>
        <translation>&amp;Iniciar</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>&amp;Carpeta:</translation>
    </message>
    <message>
        <source>Space:</source>
        <translation>Espacio:</translation>
    </message>
    <message>
        <source>Emercoin telephony node</source>
        <translation>Nodo de telefonía Emercoin</translation>
    </message>
    <message>
        <source>Folder for data</source>
        <translation>Carpeta de datos</translation>
    </message>
    <message>
        <source>Write the whole path, beginning with /.</source>
        <translation>Escriba la ruta completa, empezando por /.</translation>
    </message>
    <message>
        <source>This is a file, not a folder.</source>
        <translation>Es un archivo, no una carpeta.</translation>
    </message>
    <message>
        <source>Nothing can be written in %1.</source>
        <translation>No se puede escribir en %1.</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>%1 libres</translation>
    </message>
    <message>
        <source>Less than 1 GB is free; removing old blocks helps.</source>
        <translation>Queda menos de 1 GB libre; eliminar bloques antiguos ayuda.</translation>
    </message>
    <message>
        <source>The folder holds a configuration file already; it stays as it is and the choices below do not count.</source>
        <translation>La carpeta ya contiene un archivo de configuración; se deja como está y las opciones de abajo no se aplican.</translation>
    </message>
    <message>
        <source>%1 cannot be made.</source>
        <translation>No se puede crear %1.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>No se puede escribir %1: %2.</translation>
    </message>
    <message>
        <source>Where the wallet comes from</source>
        <translation>De dónde viene el monedero</translation>
    </message>
    <message>
        <source>A new one</source>
        <translation>Uno nuevo</translation>
    </message>
    <message>
        <source>Restore it from words</source>
        <translation>Restaurarlo con palabras</translation>
    </message>
    <message>
        <source>Restore it from a backup file</source>
        <translation>Restaurarlo de una copia de seguridad</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Time</source>
        <translation>Fecha</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Operación</translation>
    </message>
    <message>
        <source>Label and address</source>
        <translation>Etiqueta y dirección</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Importe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Search in labels, addresses, names, comments, transactions</source>
        <translation>Buscar en etiquetas, direcciones, nombres, comentarios y transacciones</translation>
    </message>
    <message>
        <source>Kind of transaction</source>
        <translation>Tipo de transacción</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todas</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Recibidas</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Enviadas</translation>
    </message>
    <message>
        <source>Mined or minted</source>
        <translation>Generadas</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Nombres</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Período</translation>
    </message>
    <message>
        <source>Since ever</source>
        <translation>Todo el período</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>Último día</translation>
    </message>
    <message>
        <source>Last week</source>
        <translation>Última semana</translation>
    </message>
    <message>
        <source>Last month</source>
        <translation>Último mes</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>Último año</translation>
    </message>
    <message>
        <source>Least amount</source>
        <translation>Importe mínimo</translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation>&amp;Detalles</translation>
    </message>
    <message>
        <source>&amp;Label…</source>
        <translation>&amp;Etiqueta…</translation>
    </message>
    <message>
        <source>&amp;Raise the fee</source>
        <translation>&amp;Subir la comisión</translation>
    </message>
    <message>
        <source>&amp;Give up</source>
        <translation>Desca&amp;rtar</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportar…</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>Transacción</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Etiqueta</translation>
    </message>
    <message>
        <source>Label of %1:</source>
        <translation>Etiqueta de %1:</translation>
    </message>
    <message>
        <source>Give up?</source>
        <translation>¿Descartar?</translation>
    </message>
    <message>
        <source>Its coins become free again. If somebody has kept the transaction, it may still be mined.</source>
        <translation>Sus monedas vuelven a quedar libres. Si alguien ha conservado la transacción, aún podría entrar en un bloque.</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>Raise the fee</source>
        <translation>Subir la comisión</translation>
    </message>
    <message>
        <source>Replaced by transaction %1</source>
        <translation>Sustituida por la transacción %1</translation>
    </message>
    <message>
        <source>The fee becomes %1 instead of %2.</source>
        <translation>La comisión pasará a ser %1 en lugar de %2.</translation>
    </message>
    <message>
        <source>&amp;Raise</source>
        <translation>&amp;Subir</translation>
    </message>
    <message>
        <source>Export transactions</source>
        <translation>Exportar transacciones</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tablas (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) written to %1</source>
        <translation>
            <numerusform>%n línea escrita en %1</numerusform>
            <numerusform>%n líneas escritas en %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Pages</source>
        <translation>Páginas</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Resumen</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Receive</source>
        <translation>Recibir</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>Transacciones</translation>
    </message>
    <message>
        <source>Manage Names</source>
        <translation>Gestionar nombres</translation>
    </message>
    <message>
        <source>Call rewards</source>
        <translation>Recompensas por llamadas</translation>
    </message>
    <message>
        <source>Staking</source>
        <translation>Staking</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Nodo</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Archivo</translation>
    </message>
    <message>
        <source>Open &amp;link…</source>
        <translation>Abrir &amp;enlace…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Salir</translation>
    </message>
    <message>
        <source>&amp;Wallet</source>
        <translation>&amp;Monedero</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ver</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;yuda</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>&amp;Acerca de</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Acerca de</translation>
    </message>
    <message>
        <source>Emercoin telephony node, version %1.
Free software under the MIT licence.</source>
        <translation>Nodo de telefonía Emercoin, versión %1.
Software libre con licencia MIT.</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>Acerca de &amp;Qt</translation>
    </message>
    <message>
        <source>&amp;Open wallets</source>
        <translation>Monederos a&amp;biertos</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Nuevo…</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Cargar…</translation>
    </message>
    <message>
        <source>&amp;Restore a backup…</source>
        <translation>&amp;Restaurar una copia…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>C&amp;errar</translation>
    </message>
    <message>
        <source>&amp;Encrypt, or change the passphrase…</source>
        <translation>Ci&amp;frar o cambiar la contraseña…</translation>
    </message>
    <message>
        <source>Loc&amp;k</source>
        <translation>B&amp;loquear</translation>
    </message>
    <message>
        <source>&amp;Unlock…</source>
        <translation>&amp;Desbloquear…</translation>
    </message>
    <message>
        <source>&amp;Backup…</source>
        <translation>Copia de &amp;seguridad…</translation>
    </message>
    <message>
        <source>&amp;Words to write down…</source>
        <translation>&amp;Palabras para anotar…</translation>
    </message>
    <message>
        <source>S&amp;ign a message…</source>
        <translation>F&amp;irmar un mensaje…</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Mostrar</translation>
    </message>
    <message>
        <source>%1 %, %2 left</source>
        <translation>%1 %, faltan %2</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>Bloque %1</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n conexión</numerusform>
            <numerusform>%n conexiones</numerusform>
        </translation>
    </message>
    <message>
        <source>network off</source>
        <translation>red desactivada</translation>
    </message>
    <message>
        <source>staking</source>
        <translation>staking activo</translation>
    </message>
    <message>
        <source>not staking</source>
        <translation>sin staking</translation>
    </message>
    <message>
        <source>Emercoin</source>
        <translation>Emercoin</translation>
    </message>
    <message>
        <source>no wallet</source>
        <translation>sin monedero</translation>
    </message>
    <message>
        <source>Emercoin — %1</source>
        <translation>Emercoin — %1</translation>
    </message>
    <message>
        <source>Not encrypted: whoever has the file has the coins</source>
        <translation>Sin cifrar: quien tenga el archivo tiene las monedas</translation>
    </message>
    <message>
        <source>Encrypted and locked</source>
        <translation>Cifrado y bloqueado</translation>
    </message>
    <message>
        <source>Unlocked for staking only</source>
        <translation>Desbloqueado solo para staking</translation>
    </message>
    <message>
        <source>Encrypted, unlocked until %1</source>
        <translation>Cifrado, desbloqueado hasta %1</translation>
    </message>
    <message>
        <source>This wallet has no backup yet: Wallet, Backup</source>
        <translation>Este monedero aún no tiene copia: Monedero, Copia de seguridad</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>Abrir enlace</translation>
    </message>
    <message>
        <source>Restore &amp;from words…</source>
        <translation>Restaurar con &amp;palabras…</translation>
    </message>
    <message>
        <source>%1, looking through the blocks: %2 %</source>
        <translation>%1, examinando los bloques: %2 %</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Change %1</source>
        <translation>Cambiar %1</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>Nuevo nombre</translation>
    </message>
    <message>
        <source>Telephone number (ENUM)</source>
        <translation>Número de teléfono (ENUM)</translation>
    </message>
    <message>
        <source>DNS record</source>
        <translation>Registro DNS</translation>
    </message>
    <message>
        <source>Verifier</source>
        <translation>Verificador</translation>
    </message>
    <message>
        <source>Anything else</source>
        <translation>Otro</translation>
    </message>
    <message>
        <source> days</source>
        <translation> días</translation>
    </message>
    <message>
        <source>as before</source>
        <translation>como hasta ahora</translation>
    </message>
    <message>
        <source>a fresh address of this wallet</source>
        <translation>una dirección nueva de este monedero</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>&amp;Tipo:</translation>
    </message>
    <message>
        <source>&amp;Add to its time:</source>
        <translation>&amp;Ampliar:</translation>
    </message>
    <message>
        <source>&amp;For:</source>
        <translation>&amp;Duración:</translation>
    </message>
    <message>
        <source>&amp;Owner:</source>
        <translation>&amp;Propietario:</translation>
    </message>
    <message>
        <source>&amp;Change</source>
        <translation>Cam&amp;biar</translation>
    </message>
    <message>
        <source>&amp;Register</source>
        <translation>&amp;Registrar</translation>
    </message>
    <message>
        <source>Hand over this name?</source>
        <translation>¿Transferir este nombre?</translation>
    </message>
    <message>
        <source>%1 will belong to %2. Only its new owner can give it back.</source>
        <translation>%1 pasará a ser de %2. Solo el nuevo propietario podrá devolverlo.</translation>
    </message>
    <message>
        <source>&amp;Hand over</source>
        <translation>&amp;Transferir</translation>
    </message>
</context>
<context>
    <name>NamesPage</name>
    <message>
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Days left</source>
        <translation>Días restantes</translation>
    </message>
    <message>
        <source>Verifier</source>
        <translation>Verificador</translation>
    </message>
    <message>
        <source>Search in names and values</source>
        <translation>Buscar en nombres y valores</translation>
    </message>
    <message>
        <source>Kind of name</source>
        <translation>Tipo de nombre</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Todos los tipos</translation>
    </message>
    <message>
        <source>Telephone numbers</source>
        <translation>Números de teléfono</translation>
    </message>
    <message>
        <source>DNS records</source>
        <translation>Registros DNS</translation>
    </message>
    <message>
        <source>Verifiers</source>
        <translation>Verificadores</translation>
    </message>
    <message>
        <source>E&amp;xpire soon</source>
        <translation>Caducan &amp;pronto</translation>
    </message>
    <message>
        <source>Show e&amp;xpired</source>
        <translation>Mostrar &amp;caducados</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Nuevo…</translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation>Cam&amp;biar…</translation>
    </message>
    <message>
        <source>&amp;Renew…</source>
        <translation>&amp;Renovar…</translation>
    </message>
    <message>
        <source>&amp;Signature…</source>
        <translation>&amp;Firma…</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>&amp;Eliminar…</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importar…</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportar…</translation>
    </message>
    <message>
        <source>The name is on its way in transaction %1</source>
        <translation>El nombre está en camino en la transacción %1</translation>
    </message>
    <message>
        <source>The change is on its way in transaction %1</source>
        <translation>El cambio está en camino en la transacción %1</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>Renovar</translation>
    </message>
    <message numerus="yes">
        <source>Days to add to %n name(s):</source>
        <translation>
            <numerusform>Días que añadir a %n nombre:</numerusform>
            <numerusform>Días que añadir a %n nombres:</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Renew</source>
        <translation>&amp;Renovar</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>%1 ends now, and anybody may register it. Nothing is paid back.</source>
        <translation>%1 termina ahora y cualquiera podrá registrarlo. No se reembolsa nada.</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Eliminar</translation>
    </message>
    <message>
        <source>On its way in transaction %1</source>
        <translation>En camino en la transacción %1</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Firma</translation>
    </message>
    <message>
        <source>Only telephone numbers are signed by verifiers.</source>
        <translation>Los verificadores solo firman números de teléfono.</translation>
    </message>
    <message>
        <source>Request a signature</source>
        <translation>Solicitar una firma</translation>
    </message>
    <message>
        <source>Send this to a verifier. Paste the SIG= line that comes back into the record: &quot;Change…&quot;, field &quot;Signatures&quot;.</source>
        <translation>Envíe esto a un verificador. Pegue en el registro la línea SIG= que reciba: «Cambiar…», campo «Firmas».</translation>
    </message>
    <message>
        <source>Export names</source>
        <translation>Exportar nombres</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tablas (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) written to %1</source>
        <translation>
            <numerusform>%n nombre escrito en %1</numerusform>
            <numerusform>%n nombres escritos en %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Import names</source>
        <translation>Importar nombres</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) will be registered.</source>
        <translation>
            <numerusform>Se registrará %n nombre.</numerusform>
            <numerusform>Se registrarán %n nombres.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Register</source>
        <translation>&amp;Registrar</translation>
    </message>
    <message>
        <source>Write a number of days from 1 to %1.</source>
        <translation>Escriba un número de días de 1 a %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) get %1.</source>
        <translation>
            <numerusform>%n nombre se amplía %1.</numerusform>
            <numerusform>%n nombres se amplían %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more day(s)</source>
        <translation>
            <numerusform>%n día</numerusform>
            <numerusform>%n días</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NodeInfo</name>
    <message>
        <source>Network:</source>
        <translation>Red:</translation>
    </message>
    <message>
        <source>Data folder:</source>
        <translation>Carpeta de datos:</translation>
    </message>
    <message>
        <source>Runs for:</source>
        <translation>Tiempo en marcha:</translation>
    </message>
    <message>
        <source>Blocks:</source>
        <translation>Bloques:</translation>
    </message>
    <message>
        <source>Time of the last one:</source>
        <translation>Fecha del último:</translation>
    </message>
    <message>
        <source>Live names:</source>
        <translation>Nombres activos:</translation>
    </message>
    <message>
        <source>Connections:</source>
        <translation>Conexiones:</translation>
    </message>
    <message>
        <source>Traffic:</source>
        <translation>Tráfico:</translation>
    </message>
    <message>
        <source>Transactions that wait:</source>
        <translation>Transacciones pendientes:</translation>
    </message>
    <message>
        <source>DNS questions:</source>
        <translation>Consultas DNS:</translation>
    </message>
    <message>
        <source>%1 of %2 known</source>
        <translation>%1 de %2 conocidos</translation>
    </message>
    <message>
        <source>%1 outgoing, %2 incoming</source>
        <translation>%1 salientes, %2 entrantes</translation>
    </message>
    <message>
        <source>the network is switched off</source>
        <translation>la red está desactivada</translation>
    </message>
    <message>
        <source>%1 received, %2 sent</source>
        <translation>%1 recibidos, %2 enviados</translation>
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
        <translation>el servidor no está en marcha</translation>
    </message>
</context>
<context>
    <name>NodePage</name>
    <message>
        <source>&amp;Information</source>
        <translation>&amp;Información</translation>
    </message>
    <message>
        <source>&amp;Console</source>
        <translation>&amp;Consola</translation>
    </message>
    <message>
        <source>&amp;Traffic</source>
        <translation>&amp;Tráfico</translation>
    </message>
    <message>
        <source>&amp;Peers</source>
        <translation>&amp;Pares</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Balance</source>
        <translation>Saldo</translation>
    </message>
    <message>
        <source>Available:</source>
        <translation>Disponible:</translation>
    </message>
    <message>
        <source>Waiting for a block:</source>
        <translation>Pendiente de un bloque:</translation>
    </message>
    <message>
        <source>Mined or minted, not mature:</source>
        <translation>Generado, sin madurar:</translation>
    </message>
    <message>
        <source>Held by names:</source>
        <translation>Retenido en nombres:</translation>
    </message>
    <message>
        <source>Together:</source>
        <translation>Total:</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Servicios</translation>
    </message>
    <message>
        <source>Names:</source>
        <translation>Nombres:</translation>
    </message>
    <message>
        <source>Staking:</source>
        <translation>Staking:</translation>
    </message>
    <message>
        <source>DNS server:</source>
        <translation>Servidor DNS:</translation>
    </message>
    <message>
        <source>Recent transactions</source>
        <translation>Transacciones recientes</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>No hay ningún monedero abierto.</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Leyendo…</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>Nada todavía.</translation>
    </message>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n activo</numerusform>
            <numerusform>%n activos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n expire(s) within a month</source>
        <translation>
            <numerusform>, %n caduca en menos de un mes</numerusform>
            <numerusform>, %n caducan en menos de un mes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Change the passphrase</source>
        <translation>Cambiar la contraseña</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Contraseña</translation>
    </message>
    <message>
        <source>With a passphrase, nobody who gets the file can spend from it. Leave it empty to have none.</source>
        <translation>Con una contraseña, nadie que consiga el archivo podrá gastar sus monedas. Deje el campo vacío si no quiere ninguna.</translation>
    </message>
    <message>
        <source>Whoever has the file needs the passphrase to spend. There is no way around a forgotten one but the words you wrote down.</source>
        <translation>Quien tenga el archivo necesita la contraseña para gastar. Si la olvida, solo le servirán las palabras que anotó.</translation>
    </message>
    <message>
        <source>&amp;Present passphrase:</source>
        <translation>Contraseña &amp;actual:</translation>
    </message>
    <message>
        <source>&amp;New passphrase:</source>
        <translation>Contraseña &amp;nueva:</translation>
    </message>
    <message>
        <source>&amp;Again:</source>
        <translation>&amp;Repetir:</translation>
    </message>
    <message>
        <source>Strength:</source>
        <translation>Seguridad:</translation>
    </message>
    <message>
        <source>strong</source>
        <translation>alta</translation>
    </message>
    <message>
        <source>fair</source>
        <translation>media</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>baja</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Las dos no coinciden.</translation>
    </message>
    <message>
        <source>Several words that have nothing to do with each other are harder to guess.</source>
        <translation>Varias palabras sin relación entre sí son más difíciles de adivinar.</translation>
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
        <translation>Cerrando…</translation>
    </message>
</context>
<context>
    <name>PsbtDialog</name>
    <message>
        <source>Partially signed transaction</source>
        <translation>Transacción firmada parcialmente</translation>
    </message>
    <message>
        <source>Paste base64, or load a file</source>
        <translation>Pegue base64 o cargue un archivo</translation>
    </message>
    <message>
        <source>&amp;Sign</source>
        <translation>&amp;Firmar</translation>
    </message>
    <message>
        <source>Send to the &amp;network</source>
        <translation>Enviar a la &amp;red</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Cargar…</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>&amp;Guardar…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>C&amp;opiar</translation>
    </message>
    <message>
        <source>&amp;QR code</source>
        <translation>Código &amp;QR</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 a %2</translation>
    </message>
    <message numerus="yes">
        <source>%n input(s)</source>
        <translation>
            <numerusform>%n entrada</numerusform>
            <numerusform>%n entradas</numerusform>
        </translation>
    </message>
    <message>
        <source>, all signed</source>
        <translation>, todo firmado</translation>
    </message>
    <message>
        <source>, signatures are missing</source>
        <translation>, faltan firmas</translation>
    </message>
    <message>
        <source>This wallet has no key for it, or has signed already.</source>
        <translation>Este monedero no tiene ninguna clave para ella o ya la ha firmado.</translation>
    </message>
    <message>
        <source>Send?</source>
        <translation>¿Enviar?</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Enviar</translation>
    </message>
    <message>
        <source>Sent in transaction %1</source>
        <translation>Enviado en la transacción %1</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Cargar</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>No se puede leer %1: %2.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>No se puede escribir %1: %2.</translation>
    </message>
</context>
<context>
    <name>RawEditor</name>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Nombre:</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Hexadecimal</source>
        <translation>Hexadecimal</translation>
    </message>
    <message>
        <source>Base64</source>
        <translation>Base64</translation>
    </message>
    <message>
        <source>&amp;Written as:</source>
        <translation>F&amp;ormato:</translation>
    </message>
    <message>
        <source>&amp;Value:</source>
        <translation>&amp;Valor:</translation>
    </message>
    <message>
        <source>From a &amp;file…</source>
        <translation>Desde arc&amp;hivo…</translation>
    </message>
    <message>
        <source>Hexadecimal is pairs of 0–9 and a–f, like 48656c6c6f.</source>
        <translation>El hexadecimal son pares de 0–9 y a–f, p. ej. 48656c6c6f.</translation>
    </message>
    <message>
        <source>This is not base64.</source>
        <translation>Esto no es base64.</translation>
    </message>
    <message>
        <source>A value has at most %1 bytes; this one has %2.</source>
        <translation>Un valor tiene como máximo %1 bytes; este tiene %2.</translation>
    </message>
    <message>
        <source>A name has at most %1 bytes; this one has %2.</source>
        <translation>Un nombre tiene como máximo %1 bytes; este tiene %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message>
        <source>These bytes are no text; they stay as they were.</source>
        <translation>Estos bytes no son texto; se dejan como estaban.</translation>
    </message>
    <message>
        <source>Value from a file</source>
        <translation>Valor desde un archivo</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>No se puede leer %1: %2.</translation>
    </message>
</context>
<context>
    <name>ReceivePage</name>
    <message>
        <source>Label</source>
        <translation>Etiqueta</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Received so far</source>
        <translation>Recibido hasta ahora</translation>
    </message>
    <message>
        <source>who will pay</source>
        <translation>quién pagará</translation>
    </message>
    <message>
        <source>&amp;Label:</source>
        <translation>&amp;Etiqueta:</translation>
    </message>
    <message>
        <source>left open</source>
        <translation>sin fijar</translation>
    </message>
    <message>
        <source>&amp;Amount (EMC):</source>
        <translation>&amp;Importe (EMC):</translation>
    </message>
    <message>
        <source>shown to the payer</source>
        <translation>visible para quien paga</translation>
    </message>
    <message>
        <source>&amp;Message:</source>
        <translation>Men&amp;saje:</translation>
    </message>
    <message>
        <source>Segwit (bech32), cheapest to spend</source>
        <translation>SegWit (bech32), la más barata al gastar</translation>
    </message>
    <message>
        <source>Taproot (bech32m)</source>
        <translation>Taproot (bech32m)</translation>
    </message>
    <message>
        <source>Segwit inside P2SH, for older wallets</source>
        <translation>SegWit dentro de P2SH, para monederos antiguos</translation>
    </message>
    <message>
        <source>Legacy, for verifiers and signed messages</source>
        <translation>Legacy, para verificadores y mensajes firmados</translation>
    </message>
    <message>
        <source>&amp;Type:</source>
        <translation>&amp;Tipo:</translation>
    </message>
    <message>
        <source>&amp;New address</source>
        <translation>&amp;Nueva dirección</translation>
    </message>
    <message>
        <source>&amp;Copy link</source>
        <translation>&amp;Copiar enlace</translation>
    </message>
    <message>
        <source>Copy a&amp;ddress</source>
        <translation>Copiar &amp;dirección</translation>
    </message>
    <message>
        <source>Make an address to show it here.</source>
        <translation>Cree una dirección para mostrarla aquí.</translation>
    </message>
</context>
<context>
    <name>RecipientRow</name>
    <message>
        <source>Receiver %1</source>
        <translation>Destinatario %1</translation>
    </message>
    <message>
        <source>Pay &amp;to:</source>
        <translation>&amp;Pagar a:</translation>
    </message>
    <message>
        <source>for your own records</source>
        <translation>para su propio control</translation>
    </message>
    <message>
        <source>&amp;Label:</source>
        <translation>&amp;Etiqueta:</translation>
    </message>
    <message>
        <source>&amp;Amount (EMC):</source>
        <translation>&amp;Importe (EMC):</translation>
    </message>
    <message>
        <source>The receiver pays the fee</source>
        <translation>El destinatario paga la comisión</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>&amp;Quitar</translation>
    </message>
    <message>
        <source>Write the receiver&apos;s address.</source>
        <translation>Escriba la dirección del destinatario.</translation>
    </message>
    <message>
        <source>Write how much to pay.</source>
        <translation>Escriba el importe que desea pagar.</translation>
    </message>
</context>
<context>
    <name>ResolveBox</name>
    <message>
        <source>Number to resolve</source>
        <translation>Número que consultar</translation>
    </message>
    <message>
        <source>A number with its country code</source>
        <translation>Un número con prefijo de país</translation>
    </message>
    <message>
        <source>&amp;Where do calls go?</source>
        <translation>¿A&amp;dónde van las llamadas?</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code, like %1.</source>
        <translation>Un número tiene de 4 a 15 cifras y empieza por el prefijo de país, p. ej. %1.</translation>
    </message>
    <message>
        <source>This node has no DNS server.</source>
        <translation>Este nodo no tiene servidor DNS.</translation>
    </message>
    <message>
        <source> — slot %1</source>
        <translation> — slot %1</translation>
    </message>
    <message>
        <source>, signed by %1</source>
        <translation>, firmado por %1</translation>
    </message>
    <message>
        <source>From the toll-free list %1</source>
        <translation>De la lista de números gratuitos %1</translation>
    </message>
    <message>
        <source>Callers get no answer for this number.</source>
        <translation>Quien llama no obtiene respuesta para este número.</translation>
    </message>
    <message>
        <source>Slot %1 does not count: %2</source>
        <translation>El slot %1 no cuenta: %2</translation>
    </message>
</context>
<context>
    <name>RewardsPage</name>
    <message>
        <source>&amp;Batches</source>
        <translation>&amp;Lotes</translation>
    </message>
    <message>
        <source>Call &amp;records</source>
        <translation>&amp;Registros de llamadas</translation>
    </message>
    <message>
        <source>The node keeps no call records. Start it with calls=1 in emercoin.conf to be rewarded for calls.</source>
        <translation>El nodo no guarda registros de llamadas. Inícielo con calls=1 en emercoin.conf para recibir recompensas por llamadas.</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>&amp;Nuevo…</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Cargar…</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>Com&amp;probar</translation>
    </message>
    <message>
        <source>&amp;Sign</source>
        <translation>&amp;Firmar</translation>
    </message>
    <message>
        <source>Sa&amp;ve for the other side…</source>
        <translation>&amp;Guardar para la otra parte…</translation>
    </message>
    <message>
        <source>Cl&amp;aim…</source>
        <translation>R&amp;eclamar…</translation>
    </message>
    <message>
        <source>Re&amp;fuse…</source>
        <translation>Rec&amp;hazar…</translation>
    </message>
    <message>
        <source>Only calls of this number</source>
        <translation>Solo llamadas de este número</translation>
    </message>
    <message>
        <source>&amp;Import a file…</source>
        <translation>&amp;Importar un archivo…</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code.</source>
        <translation>Un número tiene de 4 a 15 cifras y empieza por el prefijo de país.</translation>
    </message>
    <message>
        <source>Call records</source>
        <translation>Registros de llamadas</translation>
    </message>
    <message>
        <source>Written by:</source>
        <translation>Escrito por:</translation>
    </message>
    <message>
        <source>%1 new, %2 known, %3 not answered.</source>
        <translation>%1 nuevos, %2 ya conocidos, %3 sin respuesta.</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Línea %1: %2</translation>
    </message>
    <message>
        <source>New batch</source>
        <translation>Nuevo lote</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>No hay ningún monedero abierto.</translation>
    </message>
    <message>
        <source>Calling number:</source>
        <translation>Número que llama:</translation>
    </message>
    <message>
        <source>Called number:</source>
        <translation>Número llamado:</translation>
    </message>
    <message numerus="yes">
        <source>A batch of %n call(s) was made; sign it, then hand it to the other side</source>
        <translation>
            <numerusform>Se ha creado un lote de %n llamada; fírmelo y entréguelo a la otra parte</numerusform>
            <numerusform>Se ha creado un lote de %n llamadas; fírmelo y entréguelo a la otra parte</numerusform>
        </translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Comprobar</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Firmar</translation>
    </message>
    <message>
        <source>Sign?</source>
        <translation>¿Firmar?</translation>
    </message>
    <message>
        <source>Sign &amp;without the disputed calls</source>
        <translation>Firmar &amp;sin las llamadas en disputa</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>Reclamar</translation>
    </message>
    <message>
        <source>Claim?</source>
        <translation>¿Reclamar?</translation>
    </message>
    <message>
        <source>&amp;Claim</source>
        <translation>&amp;Reclamar</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>¿Por qué?</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Guardar</translation>
    </message>
    <message>
        <source>Written to %1: hand it to the other side</source>
        <translation>Escrito en %1: entréguelo a la otra parte</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Cargar</translation>
    </message>
    <message>
        <source>A&amp;utomatic</source>
        <translation>A&amp;utomático</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more problem(s)</source>
        <translation>
            <numerusform>… y %n problema más</numerusform>
            <numerusform>… y %n problemas más</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SendPage</name>
    <message>
        <source>Next blocks</source>
        <translation>Próximos bloques</translation>
    </message>
    <message>
        <source>About an hour</source>
        <translation>Alrededor de una hora</translation>
    </message>
    <message>
        <source>About a day, cheap</source>
        <translation>Alrededor de un día, barato</translation>
    </message>
    <message>
        <source>Own rate</source>
        <translation>Tasa propia</translation>
    </message>
    <message>
        <source>&amp;Confirmed in:</source>
        <translation>&amp;Confirmación en:</translation>
    </message>
    <message>
        <source>EMC for 1000 bytes</source>
        <translation>EMC por 1000 bytes</translation>
    </message>
    <message>
        <source>Fee &amp;rate:</source>
        <translation>&amp;Tasa de comisión:</translation>
    </message>
    <message>
        <source>C&amp;hoose coins…</source>
        <translation>E&amp;legir monedas…</translation>
    </message>
    <message>
        <source>Coins:</source>
        <translation>Monedas:</translation>
    </message>
    <message>
        <source>&amp;Send…</source>
        <translation>E&amp;nviar…</translation>
    </message>
    <message>
        <source>&amp;Another receiver</source>
        <translation>Ot&amp;ro destinatario</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>&amp;Borrar</translation>
    </message>
    <message>
        <source>Make &amp;PSBT…</source>
        <translation>Crear P&amp;SBT…</translation>
    </message>
    <message>
        <source>L&amp;oad PSBT…</source>
        <translation>Car&amp;gar PSBT…</translation>
    </message>
    <message>
        <source>The wallet chooses.</source>
        <translation>Elige el monedero.</translation>
    </message>
    <message numerus="yes">
        <source>%n chosen, together %1.</source>
        <translation>
            <numerusform>%n elegida, en total %1.</numerusform>
            <numerusform>%n elegidas, en total %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>No hay ningún monedero abierto.</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 a %2</translation>
    </message>
    <message>
        <source>Fee: %1</source>
        <translation>Comisión: %1</translation>
    </message>
    <message>
        <source>Together: %1</source>
        <translation>Total: %1</translation>
    </message>
    <message>
        <source>The fee is more than 5 % of what you pay.</source>
        <translation>La comisión supera el 5 % de lo que paga.</translation>
    </message>
    <message>
        <source>Send?</source>
        <translation>¿Enviar?</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Enviar</translation>
    </message>
    <message>
        <source>Sent in transaction %1</source>
        <translation>Enviado en la transacción %1</translation>
    </message>
    <message>
        <source>Fee:</source>
        <translation>Comisión:</translation>
    </message>
    <message>
        <source>shown once there are an address and an amount</source>
        <translation>se muestra en cuanto haya una dirección y un importe</translation>
    </message>
    <message numerus="yes">
        <source>about %1, with %n coin(s) spent</source>
        <translation>
            <numerusform>unos %1, se gasta %n moneda</numerusform>
            <numerusform>unos %1, se gastan %n monedas</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StakingPage</name>
    <message>
        <source>&amp;Stake with the coins of the open wallets</source>
        <translation>Hacer &amp;staking con las monedas de los monederos abiertos</translation>
    </message>
    <message>
        <source>&amp;Unlock for staking only…</source>
        <translation>&amp;Desbloquear solo para staking…</translation>
    </message>
    <message>
        <source>State:</source>
        <translation>Estado:</translation>
    </message>
    <message>
        <source>Coins at work:</source>
        <translation>Monedas en staking:</translation>
    </message>
    <message>
        <source>A block is expected:</source>
        <translation>Bloque previsto:</translation>
    </message>
    <message>
        <source>Next coin:</source>
        <translation>Próxima moneda:</translation>
    </message>
    <message>
        <source>Blocks found:</source>
        <translation>Bloques encontrados:</translation>
    </message>
    <message>
        <source>&amp;Keep back (EMC):</source>
        <translation>&amp;Reservar (EMC):</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Importe</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Edad</translation>
    </message>
    <message>
        <source>Chance a day</source>
        <translation>Probabilidad diaria</translation>
    </message>
    <message>
        <source>Reward now</source>
        <translation>Recompensa actual</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Staking.</source>
        <translation>Staking activo.</translation>
    </message>
    <message>
        <source>Off.</source>
        <translation>Desactivado.</translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n coin(s); the network&apos;s: about %2</source>
        <translation>
            <numerusform>%1 en %n moneda; en toda la red: unos %2</numerusform>
            <numerusform>%1 en %n monedas; en toda la red: unos %2</numerusform>
        </translation>
    </message>
    <message>
        <source>about every %1</source>
        <translation>aproximadamente cada %1</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nunca</translation>
    </message>
    <message numerus="yes">
        <source>stakes from block %1, %n block(s) ahead</source>
        <translation>
            <numerusform>en staking desde el bloque %1, falta %n bloque</numerusform>
            <numerusform>en staking desde el bloque %1, faltan %n bloques</numerusform>
        </translation>
    </message>
    <message>
        <source>no coin waits for its age</source>
        <translation>ninguna moneda pendiente de madurar</translation>
    </message>
    <message>
        <source>%1 since the start, %2 in the best chain</source>
        <translation>%1 desde el inicio, %2 en la mejor cadena</translation>
    </message>
</context>
<context>
    <name>SyncOverlay</name>
    <message>
        <source>Blocks:</source>
        <translation>Bloques:</translation>
    </message>
    <message>
        <source>Speed:</source>
        <translation>Velocidad:</translation>
    </message>
    <message>
        <source>Time left:</source>
        <translation>Tiempo restante:</translation>
    </message>
    <message>
        <source>Names and staking:</source>
        <translation>Nombres y staking:</translation>
    </message>
    <message>
        <source>&amp;Look at the wallet meanwhile</source>
        <translation>Ver &amp;el monedero mientras tanto</translation>
    </message>
    <message>
        <source>Fetching and checking the chain</source>
        <translation>Descargando y comprobando la cadena</translation>
    </message>
    <message>
        <source>Balances and names are old until this is done.</source>
        <translation>Hasta que termine, los saldos y nombres no están al día.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 de %2</translation>
    </message>
    <message>
        <source>%1 blocks a second</source>
        <translation>%1 bloques por segundo</translation>
    </message>
    <message numerus="yes">
        <source>%n live name(s) so far; staking begins when the chain is complete</source>
        <translation>
            <numerusform>%n nombre activo por ahora; el staking empieza cuando la cadena esté completa</numerusform>
            <numerusform>%n nombres activos por ahora; el staking empieza cuando la cadena esté completa</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrafficView</name>
    <message>
        <source>Last ten minutes. Now: %1/s received (filled), %2/s sent (line). Since the start: %3 and %4.</source>
        <translation>Últimos diez minutos. Ahora: %1/s recibidos (área), %2/s enviados (línea). Desde el inicio: %3 y %4.</translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message>
        <source>Unlock wallet</source>
        <translation>Desbloquear monedero</translation>
    </message>
    <message>
        <source>Opens the wallet for staking only: nothing can be paid from it.</source>
        <translation>Abre el monedero solo para staking: no permite hacer pagos.</translation>
    </message>
    <message>
        <source>The wallet is locked. Its passphrase opens it for a minute.</source>
        <translation>El monedero está bloqueado. La contraseña lo abre durante un minuto.</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Desbloquear</translation>
    </message>
    <message>
        <source>&amp;Passphrase:</source>
        <translation>Con&amp;traseña:</translation>
    </message>
</context>
<context>
    <name>VerifierEditor</name>
    <message>
        <source>&amp;Identifier:</source>
        <translation>&amp;Identificador:</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Nombre:</translation>
    </message>
    <message>
        <source>&amp;Web page:</source>
        <translation>Página &amp;web:</translation>
    </message>
    <message>
        <source>&amp;E-mail:</source>
        <translation>Corr&amp;eo electrónico:</translation>
    </message>
    <message>
        <source>How you &amp;verify:</source>
        <translation>Método de &amp;verificación:</translation>
    </message>
    <message>
        <source>&amp;Fee:</source>
        <translation>Tari&amp;fa:</translation>
    </message>
    <message>
        <source>&amp;Revocation list:</source>
        <translation>Lista de rev&amp;ocación:</translation>
    </message>
    <message>
        <source>1 to 32 of a–z, 0–9, dot, dash and underscore, a letter or digit first.</source>
        <translation>De 1 a 32 caracteres a–z, 0–9, punto, guion y guion bajo; el primero, una letra o cifra.</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>%1 has no value</source>
        <translation>%1 no tiene valor</translation>
    </message>
    <message>
        <source>%1: the mark | separates records and cannot be part of one</source>
        <translation>%1: el signo | separa registros y no puede formar parte de uno</translation>
    </message>
    <message>
        <source>TTL is a number of seconds, like 3600</source>
        <translation>TTL es un número de segundos, p. ej. 3600</translation>
    </message>
    <message>
        <source>A: &apos;%1&apos; is no IPv4 address like 192.0.2.1</source>
        <translation>A: «%1» no es una dirección IPv4 como 192.0.2.1</translation>
    </message>
    <message>
        <source>AAAA: &apos;%1&apos; is no IPv6 address like 2001:db8::1</source>
        <translation>AAAA: «%1» no es una dirección IPv6 como 2001:db8::1</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Línea %1: %2</translation>
    </message>
    <message>
        <source>Costs %1: name fee %2, network fee %3.</source>
        <translation>Cuesta %1: tarifa del nombre %2, comisión de red %3.</translation>
    </message>
    <message>
        <source>Live until about %1 (block %2).</source>
        <translation>Activo hasta %1 aprox. (bloque %2).</translation>
    </message>
    <message numerus="yes">
        <source>%n signature(s) will be left out: they belong to the present owner.</source>
        <translation>
            <numerusform>Se omitirá %n firma: pertenece al propietario actual.</numerusform>
            <numerusform>Se omitirán %n firmas: pertenecen al propietario actual.</numerusform>
        </translation>
    </message>
    <message>
        <source>needs a name, a value and days</source>
        <translation>necesita nombre, valor y días</translation>
    </message>
    <message>
        <source>a name has 1 to %1 bytes</source>
        <translation>un nombre tiene de 1 a %1 bytes</translation>
    </message>
    <message>
        <source>a value has at most %1 bytes</source>
        <translation>un valor tiene como máximo %1 bytes</translation>
    </message>
    <message>
        <source>days are a number from 1 to %1</source>
        <translation>los días son un número de 1 a %1</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>No se puede escribir %1: %2.</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>No se puede leer %1: %2.</translation>
    </message>
    <message>
        <source>%1 is too large.</source>
        <translation>%1 es demasiado grande.</translation>
    </message>
    <message>
        <source>%1 holds no names.</source>
        <translation>%1 no contiene nombres.</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>sin firmar</translation>
    </message>
    <message>
        <source>waits for a block</source>
        <translation>pendiente de un bloque</translation>
    </message>
    <message>
        <source>live</source>
        <translation>activo</translation>
    </message>
    <message>
        <source>expires soon</source>
        <translation>caduca pronto</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>caducado</translation>
    </message>
    <message>
        <source>handed over</source>
        <translation>transferido</translation>
    </message>
    <message>
        <source>What:</source>
        <translation>Operación:</translation>
    </message>
    <message>
        <source>When:</source>
        <translation>Fecha:</translation>
    </message>
    <message>
        <source>State:</source>
        <translation>Estado:</translation>
    </message>
    <message>
        <source>Amount:</source>
        <translation>Importe:</translation>
    </message>
    <message>
        <source>Fee of the transaction:</source>
        <translation>Comisión de la transacción:</translation>
    </message>
    <message>
        <source>Address:</source>
        <translation>Dirección:</translation>
    </message>
    <message>
        <source>Label:</source>
        <translation>Etiqueta:</translation>
    </message>
    <message>
        <source>Comment:</source>
        <translation>Comentario:</translation>
    </message>
    <message>
        <source>Block:</source>
        <translation>Bloque:</translation>
    </message>
    <message>
        <source>Transaction:</source>
        <translation>Transacción:</translation>
    </message>
    <message>
        <source>Output:</source>
        <translation>Salida:</translation>
    </message>
    <message>
        <source>This node has no wallet to stake with.</source>
        <translation>Este nodo no tiene monedero para hacer staking.</translation>
    </message>
    <message>
        <source>Staking is off.</source>
        <translation>El staking está desactivado.</translation>
    </message>
    <message>
        <source>Not staking: %1</source>
        <translation>Sin staking: %1</translation>
    </message>
    <message>
        <source>Staking with %1; a block is expected about every %2.</source>
        <translation>En staking con %1; tiempo medio por bloque: %2.</translation>
    </message>
    <message>
        <source>unknown time</source>
        <translation>desconocido</translation>
    </message>
    <message>
        <source>The DNS server does not run.</source>
        <translation>El servidor DNS no está en marcha.</translation>
    </message>
    <message>
        <source>Connected for %1. Version %2. Services: %3. Its clock is %4 s ahead.</source>
        <translation>Conectado desde hace %1. Versión %2. Servicios: %3. Su reloj va %4 s adelantado.</translation>
    </message>
    <message>
        <source>stakes</source>
        <translation>en staking</translation>
    </message>
    <message>
        <source>Emercoin telephony node</source>
        <translation>Nodo de telefonía Emercoin</translation>
    </message>
    <message>
        <source>QR code</source>
        <translation>Código QR</translation>
    </message>
    <message>
        <source>This is too long for a QR code; save it as a file.</source>
        <translation>Es demasiado largo para un código QR; guárdelo como archivo.</translation>
    </message>
    <message>
        <source>not signed yet</source>
        <translation>aún sin firmar</translation>
    </message>
    <message>
        <source>waits for the other side</source>
        <translation>a la espera de la otra parte</translation>
    </message>
    <message>
        <source>signed by both, may be claimed</source>
        <translation>firmado por ambas partes, se puede reclamar</translation>
    </message>
    <message>
        <source>claimed, waits for a block</source>
        <translation>reclamado, pendiente de un bloque</translation>
    </message>
    <message>
        <source>rewarded</source>
        <translation>recompensado</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>rechazado</translation>
    </message>
    <message>
        <source>Caller</source>
        <translation>Llamante</translation>
    </message>
    <message>
        <source>Called</source>
        <translation>Llamado</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Desde</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Hasta</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Llamadas</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>Minutos</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>Recompensa</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Contestada</translation>
    </message>
    <message>
        <source>Lasted</source>
        <translation>Duración</translation>
    </message>
    <message>
        <source>Call-ID</source>
        <translation>Call-ID</translation>
    </message>
    <message>
        <source>Transaction %1.</source>
        <translation>Transacción %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n disputed call(s) were left out.</source>
        <translation>
            <numerusform>Se ha omitido %n llamada en disputa.</numerusform>
            <numerusform>Se han omitido %n llamadas en disputa.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) agree with the own records.</source>
        <translation>
            <numerusform>%n llamada coincide con los registros propios.</numerusform>
            <numerusform>%n llamadas coinciden con los registros propios.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) are disputed together.</source>
        <translation>
            <numerusform>En total hay %n llamada en disputa.</numerusform>
            <numerusform>En total hay %n llamadas en disputa.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n own call(s) of the period are missing in it.</source>
        <translation>
            <numerusform>Falta %n llamada propia del período.</numerusform>
            <numerusform>Faltan %n llamadas propias del período.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Claim %1: the minutes allow %2, the age of your coins %3.
You get %4, the caller&apos;s side %5, the network fee is %6.
%n coin(s) worth %7 lose their age; staking it would have brought %8.</source>
        <translation>
            <numerusform>Reclamar %1: los minutos permiten %2; la edad de sus monedas, %3.
Usted recibe %4, la parte del llamante %5 y la comisión de red es %6.
%n moneda por valor de %7 pierde su edad; en staking habría dado %8.</numerusform>
            <numerusform>Reclamar %1: los minutos permiten %2; la edad de sus monedas, %3.
Usted recibe %4, la parte del llamante %5 y la comisión de red es %6.
%n monedas por valor de %7 pierden su edad; en staking habrían dado %8.</numerusform>
        </translation>
    </message>
    <message>
        <source>Write one decimal point and no separators, like 1234.5</source>
        <translation>Use un solo punto decimal y ningún separador, p. ej. 1234.5</translation>
    </message>
    <message>
        <source>Write an amount in EMC, like 1.5</source>
        <translation>Escriba un importe en EMC, p. ej. 1.5</translation>
    </message>
    <message>
        <source>Only digits and one decimal point belong here, like 1.5</source>
        <translation>Aquí solo caben cifras y un punto decimal, p. ej. 1.5</translation>
    </message>
    <message>
        <source>An amount has at most 8 decimals</source>
        <translation>Un importe tiene como máximo 8 decimales</translation>
    </message>
    <message>
        <source>There are not that many coins</source>
        <translation>No existen tantas monedas</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>desconocido</translation>
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
        <translation>Enviado</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Recibido</translation>
    </message>
    <message>
        <source>Mined, not in the chain</source>
        <translation>Generado, fuera de la cadena</translation>
    </message>
    <message>
        <source>Mined or minted, not mature</source>
        <translation>Generado, sin madurar</translation>
    </message>
    <message>
        <source>Mined or minted</source>
        <translation>Generado</translation>
    </message>
    <message>
        <source>given up</source>
        <translation>descartada</translation>
    </message>
    <message>
        <source>another one spent its coins</source>
        <translation>otra ha gastado sus monedas</translation>
    </message>
    <message numerus="yes">
        <source>%n confirmation(s)</source>
        <translation>
            <numerusform>%n confirmación</numerusform>
            <numerusform>%n confirmaciones</numerusform>
        </translation>
    </message>
    <message>
        <source>&apos;%1&apos; is no emercoin: address.</source>
        <translation>«%1» no es una dirección emercoin:.</translation>
    </message>
    <message>
        <source>This link names no address.</source>
        <translation>Este enlace no indica ninguna dirección.</translation>
    </message>
    <message>
        <source>The link&apos;s amount &apos;%1&apos; is wrong.</source>
        <translation>El importe «%1» del enlace no es válido.</translation>
    </message>
    <message>
        <source>The link asks for &apos;%1&apos;, which this version does not know.</source>
        <translation>El enlace pide «%1», que esta versión no conoce.</translation>
    </message>
    <message>
        <source>Wallet</source>
        <translation>Monedero</translation>
    </message>
    <message>
        <source>This node runs without wallets (-disablewallet).</source>
        <translation>Este nodo funciona sin monederos (-disablewallet).</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>No hay ningún monedero abierto.</translation>
    </message>
    <message>
        <source>Name of the wallet:</source>
        <translation>Nombre del monedero:</translation>
    </message>
    <message>
        <source>default</source>
        <translation>predeterminado</translation>
    </message>
    <message>
        <source>New wallet</source>
        <translation>Nuevo monedero</translation>
    </message>
    <message>
        <source>Load wallet</source>
        <translation>Cargar monedero</translation>
    </message>
    <message>
        <source>There are no wallets in the folder.</source>
        <translation>No hay monederos en la carpeta.</translation>
    </message>
    <message>
        <source>Wallet:</source>
        <translation>Monedero:</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>Restaurar una copia</translation>
    </message>
    <message>
        <source>Close wallet</source>
        <translation>Cerrar monedero</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>Cambiar la contraseña</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>Cifrar</translation>
    </message>
    <message>
        <source>The passphrase was changed. Backups keep the one they had.</source>
        <translation>Se ha cambiado la contraseña. Las copias de seguridad conservan la que tenían.</translation>
    </message>
    <message>
        <source>The wallet is encrypted and locked. Make a new backup; older ones are not encrypted.</source>
        <translation>El monedero está cifrado y bloqueado. Haga una nueva copia de seguridad; las anteriores no están cifradas.</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Bloquear</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Copia de seguridad</translation>
    </message>
    <message>
        <source>%1 was written, read again and is whole. Keep it on another device.</source>
        <translation>%1 se ha escrito y comprobado, y está íntegro. Guárdelo en otro dispositivo.</translation>
    </message>
    <message>
        <source>Words to write down</source>
        <translation>Palabras para anotar</translation>
    </message>
    <message>
        <source>Sign a message</source>
        <translation>Firmar un mensaje</translation>
    </message>
    <message>
        <source>Legacy address of this wallet:</source>
        <translation>Dirección legacy de este monedero:</translation>
    </message>
    <message>
        <source>Message:</source>
        <translation>Mensaje:</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>Abrir enlace</translation>
    </message>
    <message>
        <source>In the DNS other letters are written in another way: %1.</source>
        <translation>En el DNS las demás letras se escriben de otra forma: %1.</translation>
    </message>
    <message>
        <source>A host name is words of letters, digits, dashes and underscores joined by dots, like example.coin; a word has at most 63 characters.</source>
        <translation>Un nombre de host son palabras de letras, cifras, guiones y guiones bajos unidas por puntos, como example.coin; una palabra tiene como máximo 63 caracteres.</translation>
    </message>
    <message>
        <source>the name or the value is not base64</source>
        <translation>el nombre o el valor no es base64</translation>
    </message>
    <message>
        <source>%1, line %2: %3.</source>
        <translation>%1, línea %2: %3.</translation>
    </message>
    <message>
        <source>Give the wallet a name.</source>
        <translation>Dé un nombre al monedero.</translation>
    </message>
    <message>
        <source>A name has no / in it and begins with no dot.</source>
        <translation>Un nombre no contiene / ni empieza por un punto.</translation>
    </message>
    <message>
        <source>The words, with blanks between them:</source>
        <translation>Las palabras, separadas por espacios:</translation>
    </message>
    <message>
        <source>Their own passphrase, if they have one:</source>
        <translation>Su propia frase de contraseña, si la tienen:</translation>
    </message>
    <message>
        <source>Only letters, digits and signs of ASCII can be used here.</source>
        <translation>Aquí solo valen letras, cifras y signos ASCII.</translation>
    </message>
    <message>
        <source>Restore from words</source>
        <translation>Restaurar con palabras</translation>
    </message>
    <message>
        <source>restored</source>
        <translation>restaurado</translation>
    </message>
    <message>
        <source>The wallet is back; all blocks were looked through.</source>
        <translation>El monedero ha vuelto; se examinaron todos los bloques.</translation>
    </message>
    <message>
        <source>An earlier operation of %1 waits for a block, in transaction %2. Nothing else can be done with the name until then.</source>
        <translation>Una operación anterior con %1 espera un bloque, en la transacción %2. Hasta entonces no se puede hacer nada más con el nombre.</translation>
    </message>
    <message>
        <source>Answers at %1. Questions so far: %2. Live names: %3.</source>
        <translation>Responde en %1. Consultas hasta ahora: %2. Nombres activos: %3.</translation>
    </message>
    <message numerus="yes">
        <source>%n begun minute(s)</source>
        <translation>
            <numerusform>%n minuto iniciado</numerusform>
            <numerusform>%n minutos iniciados</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s), %1</source>
        <translation>
            <numerusform>%n llamada, %1</numerusform>
            <numerusform>%n llamadas, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WordsDialog</name>
    <message>
        <source>Words to write down</source>
        <translation>Palabras para anotar</translation>
    </message>
    <message>
        <source>Write these words on paper, in this order. Whoever has them has the coins; without the wallet file they are what brings everything back. Do not photograph them.</source>
        <translation>Escriba estas palabras en papel, en este orden. Quien las tenga tiene las monedas; sin el archivo del monedero, solo ellas permiten recuperarlo todo. No las fotografíe.</translation>
    </message>
    <message>
        <source>I have &amp;written them</source>
        <translation>Las he &amp;anotado</translation>
    </message>
    <message>
        <source>Word %1:</source>
        <translation>Palabra %1:</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>Com&amp;probar</translation>
    </message>
    <message>
        <source>Word %1 is another one. Look at your paper; Cancel shows the words anew.</source>
        <translation>La palabra %1 es otra. Mire su papel; «Cancelar» muestra de nuevo las palabras.</translation>
    </message>
</context>
<context>
    <name>emc::qt</name>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programa</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Bloque</translation>
    </message>
    <message>
        <source>Ping</source>
        <translation>Ping</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Recibido</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Enviado</translation>
    </message>
    <message>
        <source>&amp;Disconnect</source>
        <translation>&amp;Desconectar</translation>
    </message>
    <message>
        <source>&amp;Ban for a day</source>
        <translation>&amp;Bloquear un día</translation>
    </message>
    <message>
        <source>B&amp;ans…</source>
        <translation>Bloqueo&amp;s…</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n conexión</numerusform>
            <numerusform>%n conexiones</numerusform>
        </translation>
    </message>
    <message>
        <source>Peers</source>
        <translation>Pares</translation>
    </message>
    <message>
        <source>Bans</source>
        <translation>Bloqueos</translation>
    </message>
    <message>
        <source>Nobody is banned.</source>
        <translation>No hay nadie bloqueado.</translation>
    </message>
    <message>
        <source> until %1</source>
        <translation> hasta %1</translation>
    </message>
    <message>
        <source>Lift this ban:</source>
        <translation>Levantar este bloqueo:</translation>
    </message>
</context>
</TS>
