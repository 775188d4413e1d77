<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru_RU">
<context>
    <name>AutomaticBox</name>
    <message>
        <source>The node makes batches of your calls, hands them to the other side as sealed letters, signs what agrees with your records, leaves out what does not, and claims rewards.</source>
        <translation>Узел собирает ваши звонки в пакеты, передаёт их другой стороне запечатанными письмами, подписывает то, что совпадает с вашими записями, пропускает остальное и запрашивает вознаграждения.</translation>
    </message>
    <message>
        <source>&amp;Do all this without being asked</source>
        <translation>&amp;Делать всё это автоматически</translation>
    </message>
    <message>
        <source> min</source>
        <translation> мин</translation>
    </message>
    <message>
        <source> h</source>
        <translation> ч</translation>
    </message>
    <message>
        <source>&amp;Apply</source>
        <translation>&amp;Применить</translation>
    </message>
    <message>
        <source>&amp;Look every:</source>
        <translation>П&amp;роверять каждые:</translation>
    </message>
    <message>
        <source>A &amp;batch holds calls of:</source>
        <translation>&amp;Пакет охватывает звонки за:</translation>
    </message>
    <message>
        <source>Least &amp;minutes of a batch:</source>
        <translation>Наименьшее число &amp;минут в пакете:</translation>
    </message>
    <message>
        <source>Claim nothing below (&amp;EMC):</source>
        <translation>Не запрашивать меньше (&amp;EMC):</translation>
    </message>
    <message>
        <source>This node runs without wallets (-disablewallet).</source>
        <translation>Узел запущен без кошельков (-disablewallet).</translation>
    </message>
    <message>
        <source>It can sign and claim only while the wallet is unlocked for everything.</source>
        <translation>Подписывать и запрашивать он может, только пока кошелёк полностью разблокирован.</translation>
    </message>
    <message>
        <source>Rewards are looked after from now on, after a restart, too</source>
        <translation>Теперь узел сам следит за вознаграждениями, в том числе после перезапуска</translation>
    </message>
    <message>
        <source>Nothing is done about rewards without being asked</source>
        <translation>С вознаграждениями ничего не делается без вашей команды</translation>
    </message>
</context>
<context>
    <name>CoinDialog</name>
    <message>
        <source>Choose coins</source>
        <translation>Выбор монет</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Сумма</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Метка</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Confirmations</source>
        <translation>Подтверждения</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Выход</translation>
    </message>
    <message>
        <source>&amp;Keep back, or free</source>
        <translation>&amp;Отложить или вернуть</translation>
    </message>
    <message>
        <source>Kept back</source>
        <translation>Отложена</translation>
    </message>
    <message numerus="yes">
        <source>%n coin(s) chosen, together %1</source>
        <translation>
            <numerusform>Выбрана %n монета, всего %1</numerusform>
            <numerusform>Выбрано %n монеты, всего %1</numerusform>
            <numerusform>Выбрано %n монет, всего %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConsoleView</name>
    <message>
        <source>Calls as for emercoin-cli: &quot;help&quot; lists them, &quot;help getblock&quot; explains one.
If somebody tells you to type something here, be careful: it may take your coins.</source>
        <translation>Команды как в emercoin-cli: «help» выводит их список, «help getblock» — описание одной.
Если кто-то просит вас ввести здесь что-либо, будьте осторожны: так можно лишиться монет.</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Команда</translation>
    </message>
    <message>
        <source>
… cut: the reply is longer</source>
        <translation>
… обрезано: ответ длиннее</translation>
    </message>
</context>
<context>
    <name>DnsEditor</name>
    <message>
        <source>&amp;Host name:</source>
        <translation>&amp;Имя хоста:</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Тип</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Значение</translation>
    </message>
    <message>
        <source>&amp;Records:</source>
        <translation>За&amp;писи:</translation>
    </message>
    <message>
        <source>&amp;Add a record</source>
        <translation>До&amp;бавить запись</translation>
    </message>
    <message>
        <source>Re&amp;move it</source>
        <translation>&amp;Удалить</translation>
    </message>
    <message>
        <source>Add at least one record.</source>
        <translation>Добавьте хотя бы одну запись.</translation>
    </message>
</context>
<context>
    <name>EarningsPlot</name>
    <message>
        <source>No reward has been confirmed yet.</source>
        <translation>Подтверждённых вознаграждений пока нет.</translation>
    </message>
    <message>
        <source>Earned a month, at most %1</source>
        <translation>Заработано по месяцам, максимум %1</translation>
    </message>
</context>
<context>
    <name>EnumEditor</name>
    <message>
        <source>&amp;Number with country code:</source>
        <translation>Номер с &amp;кодом страны:</translation>
    </message>
    <message>
        <source>Several people may hold records of one number. Each has a slot; callers get those a verifier has signed.</source>
        <translation>Записи об одном номере могут быть у нескольких людей, у каждого — свой слот. Звонящие получают те, что подписаны проверяющим.</translation>
    </message>
    <message>
        <source>S&amp;lot:</source>
        <translation>С&amp;лот:</translation>
    </message>
    <message>
        <source>Calls go to</source>
        <translation>Куда идут звонки</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Служба</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Порядок</translation>
    </message>
    <message>
        <source>Preference</source>
        <translation>Приоритет</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>Выражение</translation>
    </message>
    <message>
        <source>&amp;Routes:</source>
        <translation>М&amp;аршруты:</translation>
    </message>
    <message>
        <source>What callers get:</source>
        <translation>Что получают звонящие:</translation>
    </message>
    <message>
        <source>as usual (a day)</source>
        <translation>как обычно (сутки)</translation>
    </message>
    <message>
        <source> s</source>
        <translation> с</translation>
    </message>
    <message>
        <source>&amp;Kept by resolvers for:</source>
        <translation>В к&amp;эше резолверов:</translation>
    </message>
    <message>
        <source>SIG=… lines as the verifier sent them</source>
        <translation>Строки SIG=… в том виде, как их прислал проверяющий</translation>
    </message>
    <message>
        <source>Si&amp;gnatures:</source>
        <translation>По&amp;дписи:</translation>
    </message>
    <message>
        <source>&amp;Add a route</source>
        <translation>До&amp;бавить маршрут</translation>
    </message>
    <message>
        <source>Re&amp;move it</source>
        <translation>&amp;Удалить</translation>
    </message>
    <message>
        <source>Line %1 is no signature. It looks like SIG=ver:name|… and comes from the verifier.</source>
        <translation>Строка %1 — не подпись. Подпись имеет вид SIG=ver:name|… и приходит от проверяющего.</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code, like %1.</source>
        <translation>В номере от 4 до 15 цифр, и начинается он с кода страны, например %1.</translation>
    </message>
    <message>
        <source>Write where calls go, like sip:100@pbx.example.</source>
        <translation>Укажите, куда направлять звонки, например sip:100@pbx.example.</translation>
    </message>
    <message>
        <source>Callers reach a number only when a verifier they trust has signed it. Register it first, then ask one: &quot;Signature…&quot; has the text to send.</source>
        <translation>Дозвониться можно только на номер, подписанный проверяющим, которому доверяет звонящий. Сначала зарегистрируйте номер, затем обратитесь к проверяющему: текст запроса — под кнопкой «Подпись…».</translation>
    </message>
    <message>
        <source>this expression does not match %1</source>
        <translation>это выражение не подходит к %1</translation>
    </message>
    <message>
        <source>Nobody has registered this number yet.</source>
        <translation>Этот номер ещё никем не зарегистрирован.</translation>
    </message>
    <message numerus="yes">
        <source>%n other record(s) of this number exist; this is the first free slot.</source>
        <translation>
            <numerusform>У этого номера есть ещё %n запись; это первый свободный слот.</numerusform>
            <numerusform>У этого номера есть ещё %n записи; это первый свободный слот.</numerusform>
            <numerusform>У этого номера есть ещё %n записей; это первый свободный слот.</numerusform>
        </translation>
    </message>
    <message>
        <source>An expression that does not match the number sends no call anywhere; ^.*$ matches every number.</source>
        <translation>Выражение, не подходящее к номеру, никуда не направит звонок; ^.*$ подходит к любому номеру.</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Welcome</source>
        <translation>Добро пожаловать</translation>
    </message>
    <message>
        <source>This is the first start. The node keeps a verified copy of all numbers and names, and your wallet, in a folder on this computer.</source>
        <translation>Это первый запуск. Узел хранит проверенную копию всех номеров и имён, а также ваш кошелёк в папке на этом компьютере.</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Обзор…</translation>
    </message>
    <message>
        <source>&amp;Remove old blocks; keep at most</source>
        <translation>&amp;Удалять старые блоки; хранить не более</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> МиБ</translation>
    </message>
    <message>
        <source>&amp;Wallet: coins and names of your own</source>
        <translation>&amp;Кошелёк: собственные монеты и имена</translation>
    </message>
    <message>
        <source>&amp;Staking: earn with coins that lie still, while the wallet is unlocked for it</source>
        <translation>&amp;Стейкинг: доход от лежащих без движения монет, пока кошелёк для этого разблокирован</translation>
    </message>
    <message>
        <source>&amp;DNS server: your telephone system asks this computer where numbers are</source>
        <translation>&amp;DNS-сервер: ваша АТС узнаёт у этого компьютера, как дозвониться на номер</translation>
    </message>
    <message>
        <source>&amp;Call records: be rewarded for calls your system completes</source>
        <translation>&amp;Записи о звонках: вознаграждение за звонки, принятые вашей АТС</translation>
    </message>
    <message>
        <source>S&amp;tart</source>
        <translation>&amp;Начать</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>&amp;Папка:</translation>
    </message>
    <message>
        <source>Space:</source>
        <translation>Место на диске:</translation>
    </message>
    <message>
        <source>Emercoin telephony node</source>
        <translation>Узел телефонии Emercoin</translation>
    </message>
    <message>
        <source>Folder for data</source>
        <translation>Папка данных</translation>
    </message>
    <message>
        <source>Write the whole path, beginning with /.</source>
        <translation>Укажите полный путь, начиная с /.</translation>
    </message>
    <message>
        <source>This is a file, not a folder.</source>
        <translation>Это файл, а не папка.</translation>
    </message>
    <message>
        <source>Nothing can be written in %1.</source>
        <translation>Нет прав на запись в %1.</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>свободно %1</translation>
    </message>
    <message>
        <source>Less than 1 GB is free; removing old blocks helps.</source>
        <translation>Свободно меньше 1 ГБ; поможет удаление старых блоков.</translation>
    </message>
    <message>
        <source>The folder holds a configuration file already; it stays as it is and the choices below do not count.</source>
        <translation>В папке уже есть файл настроек; он останется без изменений, а выбранное ниже не учитывается.</translation>
    </message>
    <message>
        <source>%1 cannot be made.</source>
        <translation>Не удаётся создать %1.</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>Не удаётся записать %1: %2.</translation>
    </message>
    <message>
        <source>Where the wallet comes from</source>
        <translation>Откуда берётся кошелёк</translation>
    </message>
    <message>
        <source>A new one</source>
        <translation>Новый</translation>
    </message>
    <message>
        <source>Restore it from words</source>
        <translation>Восстановить по словам</translation>
    </message>
    <message>
        <source>Restore it from a backup file</source>
        <translation>Восстановить из файла резервной копии</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Time</source>
        <translation>Время</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Операция</translation>
    </message>
    <message>
        <source>Label and address</source>
        <translation>Метка и адрес</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Сумма</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Search in labels, addresses, names, comments, transactions</source>
        <translation>Поиск по меткам, адресам, именам, комментариям, транзакциям</translation>
    </message>
    <message>
        <source>Kind of transaction</source>
        <translation>Тип транзакции</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Все</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Получено</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Отправлено</translation>
    </message>
    <message>
        <source>Mined or minted</source>
        <translation>Добыто</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Имена</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Период</translation>
    </message>
    <message>
        <source>Since ever</source>
        <translation>За всё время</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>За сутки</translation>
    </message>
    <message>
        <source>Last week</source>
        <translation>За неделю</translation>
    </message>
    <message>
        <source>Last month</source>
        <translation>За месяц</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>За год</translation>
    </message>
    <message>
        <source>Least amount</source>
        <translation>Минимальная сумма</translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation>&amp;Подробнее</translation>
    </message>
    <message>
        <source>&amp;Label…</source>
        <translation>&amp;Метка…</translation>
    </message>
    <message>
        <source>&amp;Raise the fee</source>
        <translation>Повысить к&amp;омиссию</translation>
    </message>
    <message>
        <source>&amp;Give up</source>
        <translation>От&amp;бросить</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>&amp;Экспорт…</translation>
    </message>
    <message>
        <source>Transaction</source>
        <translation>Транзакция</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Метка</translation>
    </message>
    <message>
        <source>Label of %1:</source>
        <translation>Метка для %1:</translation>
    </message>
    <message>
        <source>Give up?</source>
        <translation>Отбросить транзакцию?</translation>
    </message>
    <message>
        <source>Its coins become free again. If somebody has kept the transaction, it may still be mined.</source>
        <translation>Её монеты снова станут свободны. Но если кто-то сохранил транзакцию, она ещё может попасть в блок.</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>Отбросить</translation>
    </message>
    <message>
        <source>Raise the fee</source>
        <translation>Повысить комиссию</translation>
    </message>
    <message>
        <source>Replaced by transaction %1</source>
        <translation>Заменена транзакцией %1</translation>
    </message>
    <message>
        <source>The fee becomes %1 instead of %2.</source>
        <translation>Комиссия составит %1 вместо %2.</translation>
    </message>
    <message>
        <source>&amp;Raise</source>
        <translation>&amp;Повысить</translation>
    </message>
    <message>
        <source>Export transactions</source>
        <translation>Экспорт транзакций</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Таблицы (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) written to %1</source>
        <translation>
            <numerusform>%n строка записана в %1</numerusform>
            <numerusform>%n строки записаны в %1</numerusform>
            <numerusform>%n строк записано в %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Pages</source>
        <translation>Страницы</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Обзор</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Отправить</translation>
    </message>
    <message>
        <source>Receive</source>
        <translation>Получить</translation>
    </message>
    <message>
        <source>Transactions</source>
        <translation>Транзакции</translation>
    </message>
    <message>
        <source>Manage Names</source>
        <translation>Управление именами</translation>
    </message>
    <message>
        <source>Call rewards</source>
        <translation>Доход от звонков</translation>
    </message>
    <message>
        <source>Staking</source>
        <translation>Стейкинг</translation>
    </message>
    <message>
        <source>Node</source>
        <translation>Узел</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Файл</translation>
    </message>
    <message>
        <source>Open &amp;link…</source>
        <translation>Открыть &amp;ссылку…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>В&amp;ыход</translation>
    </message>
    <message>
        <source>&amp;Wallet</source>
        <translation>&amp;Кошелёк</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Вид</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Справка</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>&amp;О программе</translation>
    </message>
    <message>
        <source>About</source>
        <translation>О программе</translation>
    </message>
    <message>
        <source>Emercoin telephony node, version %1.
Free software under the MIT licence.</source>
        <translation>Узел телефонии Emercoin, версия %1.
Свободная программа под лицензией MIT.</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>О &amp;Qt</translation>
    </message>
    <message>
        <source>&amp;Open wallets</source>
        <translation>&amp;Открытые кошельки</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>Созд&amp;ать…</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Загрузить…</translation>
    </message>
    <message>
        <source>&amp;Restore a backup…</source>
        <translation>&amp;Восстановить из копии…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>За&amp;крыть</translation>
    </message>
    <message>
        <source>&amp;Encrypt, or change the passphrase…</source>
        <translation>Зашифровать или сменить &amp;пароль…</translation>
    </message>
    <message>
        <source>Loc&amp;k</source>
        <translation>За&amp;блокировать</translation>
    </message>
    <message>
        <source>&amp;Unlock…</source>
        <translation>&amp;Разблокировать…</translation>
    </message>
    <message>
        <source>&amp;Backup…</source>
        <translation>Резервная коп&amp;ия…</translation>
    </message>
    <message>
        <source>&amp;Words to write down…</source>
        <translation>С&amp;лова для записи…</translation>
    </message>
    <message>
        <source>S&amp;ign a message…</source>
        <translation>Подписать сообщени&amp;е…</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Показать</translation>
    </message>
    <message>
        <source>%1 %, %2 left</source>
        <translation>%1 %, осталось %2</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>Блок %1</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n соединение</numerusform>
            <numerusform>%n соединения</numerusform>
            <numerusform>%n соединений</numerusform>
        </translation>
    </message>
    <message>
        <source>network off</source>
        <translation>сеть отключена</translation>
    </message>
    <message>
        <source>staking</source>
        <translation>стейкинг идёт</translation>
    </message>
    <message>
        <source>not staking</source>
        <translation>стейкинг не идёт</translation>
    </message>
    <message>
        <source>Emercoin</source>
        <translation>Emercoin</translation>
    </message>
    <message>
        <source>no wallet</source>
        <translation>нет кошелька</translation>
    </message>
    <message>
        <source>Emercoin — %1</source>
        <translation>Emercoin — %1</translation>
    </message>
    <message>
        <source>Not encrypted: whoever has the file has the coins</source>
        <translation>Не зашифрован: у кого файл, у того и монеты</translation>
    </message>
    <message>
        <source>Encrypted and locked</source>
        <translation>Зашифрован и заблокирован</translation>
    </message>
    <message>
        <source>Unlocked for staking only</source>
        <translation>Разблокирован только для стейкинга</translation>
    </message>
    <message>
        <source>Encrypted, unlocked until %1</source>
        <translation>Зашифрован, разблокирован до %1</translation>
    </message>
    <message>
        <source>This wallet has no backup yet: Wallet, Backup</source>
        <translation>У этого кошелька ещё нет резервной копии: «Кошелёк», «Резервная копия»</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>Открыть ссылку</translation>
    </message>
    <message>
        <source>Restore &amp;from words…</source>
        <translation>Восстановить по &amp;словам…</translation>
    </message>
    <message>
        <source>%1, looking through the blocks: %2 %</source>
        <translation>%1, просмотр блоков: %2 %</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Change %1</source>
        <translation>Изменить %1</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>Новое имя</translation>
    </message>
    <message>
        <source>Telephone number (ENUM)</source>
        <translation>Телефонный номер (ENUM)</translation>
    </message>
    <message>
        <source>DNS record</source>
        <translation>Запись DNS</translation>
    </message>
    <message>
        <source>Verifier</source>
        <translation>Проверяющий</translation>
    </message>
    <message>
        <source>Anything else</source>
        <translation>Другое</translation>
    </message>
    <message>
        <source> days</source>
        <translation> дн.</translation>
    </message>
    <message>
        <source>as before</source>
        <translation>как прежде</translation>
    </message>
    <message>
        <source>a fresh address of this wallet</source>
        <translation>новый адрес этого кошелька</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>&amp;Тип:</translation>
    </message>
    <message>
        <source>&amp;Add to its time:</source>
        <translation>Продлить &amp;на:</translation>
    </message>
    <message>
        <source>&amp;For:</source>
        <translation>С&amp;рок:</translation>
    </message>
    <message>
        <source>&amp;Owner:</source>
        <translation>&amp;Владелец:</translation>
    </message>
    <message>
        <source>&amp;Change</source>
        <translation>Из&amp;менить</translation>
    </message>
    <message>
        <source>&amp;Register</source>
        <translation>&amp;Зарегистрировать</translation>
    </message>
    <message>
        <source>Hand over this name?</source>
        <translation>Передать это имя?</translation>
    </message>
    <message>
        <source>%1 will belong to %2. Only its new owner can give it back.</source>
        <translation>%1 будет принадлежать %2. Вернуть имя сможет только новый владелец.</translation>
    </message>
    <message>
        <source>&amp;Hand over</source>
        <translation>&amp;Передать</translation>
    </message>
</context>
<context>
    <name>NamesPage</name>
    <message>
        <source>Name</source>
        <translation>Имя</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Значение</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Days left</source>
        <translation>Осталось дней</translation>
    </message>
    <message>
        <source>Verifier</source>
        <translation>Проверяющий</translation>
    </message>
    <message>
        <source>Search in names and values</source>
        <translation>Поиск по именам и значениям</translation>
    </message>
    <message>
        <source>Kind of name</source>
        <translation>Тип имени</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Все типы</translation>
    </message>
    <message>
        <source>Telephone numbers</source>
        <translation>Телефонные номера</translation>
    </message>
    <message>
        <source>DNS records</source>
        <translation>Записи DNS</translation>
    </message>
    <message>
        <source>Verifiers</source>
        <translation>Проверяющие</translation>
    </message>
    <message>
        <source>E&amp;xpire soon</source>
        <translation>Скоро &amp;истекают</translation>
    </message>
    <message>
        <source>Show e&amp;xpired</source>
        <translation>Показать ис&amp;тёкшие</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>Созд&amp;ать…</translation>
    </message>
    <message>
        <source>&amp;Change…</source>
        <translation>Из&amp;менить…</translation>
    </message>
    <message>
        <source>&amp;Renew…</source>
        <translation>&amp;Продлить…</translation>
    </message>
    <message>
        <source>&amp;Signature…</source>
        <translation>По&amp;дпись…</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>&amp;Удалить…</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>Импо&amp;рт…</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>&amp;Экспорт…</translation>
    </message>
    <message>
        <source>The name is on its way in transaction %1</source>
        <translation>Имя отправлено в транзакции %1</translation>
    </message>
    <message>
        <source>The change is on its way in transaction %1</source>
        <translation>Изменение отправлено в транзакции %1</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>Продлить</translation>
    </message>
    <message numerus="yes">
        <source>Days to add to %n name(s):</source>
        <translation>
            <numerusform>На сколько дней продлить %n имя:</numerusform>
            <numerusform>На сколько дней продлить %n имени:</numerusform>
            <numerusform>На сколько дней продлить %n имён:</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Renew</source>
        <translation>&amp;Продлить</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>%1 ends now, and anybody may register it. Nothing is paid back.</source>
        <translation>%1 перестанет действовать сразу, и его сможет зарегистрировать кто угодно. Деньги не возвращаются.</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Удалить</translation>
    </message>
    <message>
        <source>On its way in transaction %1</source>
        <translation>Отправлено в транзакции %1</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>Подпись</translation>
    </message>
    <message>
        <source>Only telephone numbers are signed by verifiers.</source>
        <translation>Проверяющие подписывают только телефонные номера.</translation>
    </message>
    <message>
        <source>Request a signature</source>
        <translation>Запрос подписи</translation>
    </message>
    <message>
        <source>Send this to a verifier. Paste the SIG= line that comes back into the record: &quot;Change…&quot;, field &quot;Signatures&quot;.</source>
        <translation>Отправьте это проверяющему. Строку SIG= из ответа вставьте в запись: «Изменить…», поле «Подписи».</translation>
    </message>
    <message>
        <source>Export names</source>
        <translation>Экспорт имён</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Таблицы (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) written to %1</source>
        <translation>
            <numerusform>%n имя записано в %1</numerusform>
            <numerusform>%n имени записаны в %1</numerusform>
            <numerusform>%n имён записано в %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Import names</source>
        <translation>Импорт имён</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) will be registered.</source>
        <translation>
            <numerusform>Будет зарегистрировано %n имя.</numerusform>
            <numerusform>Будут зарегистрированы %n имени.</numerusform>
            <numerusform>Будет зарегистрировано %n имён.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Register</source>
        <translation>&amp;Зарегистрировать</translation>
    </message>
    <message>
        <source>Write a number of days from 1 to %1.</source>
        <translation>Введите число дней от 1 до %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n name(s) get %1.</source>
        <translation>
            <numerusform>%n имя будет продлено на %1.</numerusform>
            <numerusform>%n имени будут продлены на %1.</numerusform>
            <numerusform>%n имён будет продлено на %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more day(s)</source>
        <translation>
            <numerusform>%n день</numerusform>
            <numerusform>%n дня</numerusform>
            <numerusform>%n дней</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NodeInfo</name>
    <message>
        <source>Network:</source>
        <translation>Сеть:</translation>
    </message>
    <message>
        <source>Data folder:</source>
        <translation>Папка данных:</translation>
    </message>
    <message>
        <source>Runs for:</source>
        <translation>Время работы:</translation>
    </message>
    <message>
        <source>Blocks:</source>
        <translation>Блоки:</translation>
    </message>
    <message>
        <source>Time of the last one:</source>
        <translation>Время последнего блока:</translation>
    </message>
    <message>
        <source>Live names:</source>
        <translation>Активные имена:</translation>
    </message>
    <message>
        <source>Connections:</source>
        <translation>Соединения:</translation>
    </message>
    <message>
        <source>Traffic:</source>
        <translation>Трафик:</translation>
    </message>
    <message>
        <source>Transactions that wait:</source>
        <translation>Транзакции в ожидании:</translation>
    </message>
    <message>
        <source>DNS questions:</source>
        <translation>Запросы DNS:</translation>
    </message>
    <message>
        <source>%1 of %2 known</source>
        <translation>%1 из %2 известных</translation>
    </message>
    <message>
        <source>%1 outgoing, %2 incoming</source>
        <translation>исходящих: %1, входящих: %2</translation>
    </message>
    <message>
        <source>the network is switched off</source>
        <translation>сеть отключена</translation>
    </message>
    <message>
        <source>%1 received, %2 sent</source>
        <translation>получено %1, отправлено %2</translation>
    </message>
    <message numerus="yes">
        <source>%n, %1</source>
        <translation>
            <numerusform>%n, %1</numerusform>
            <numerusform>%n, %1</numerusform>
            <numerusform>%n, %1</numerusform>
        </translation>
    </message>
    <message>
        <source>the server does not run</source>
        <translation>сервер не запущен</translation>
    </message>
</context>
<context>
    <name>NodePage</name>
    <message>
        <source>&amp;Information</source>
        <translation>Св&amp;едения</translation>
    </message>
    <message>
        <source>&amp;Console</source>
        <translation>Ко&amp;нсоль</translation>
    </message>
    <message>
        <source>&amp;Traffic</source>
        <translation>&amp;Трафик</translation>
    </message>
    <message>
        <source>&amp;Peers</source>
        <translation>&amp;Пиры</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Balance</source>
        <translation>Баланс</translation>
    </message>
    <message>
        <source>Available:</source>
        <translation>Доступно:</translation>
    </message>
    <message>
        <source>Waiting for a block:</source>
        <translation>Ожидает блока:</translation>
    </message>
    <message>
        <source>Mined or minted, not mature:</source>
        <translation>Добыто, не созрело:</translation>
    </message>
    <message>
        <source>Held by names:</source>
        <translation>Занято именами:</translation>
    </message>
    <message>
        <source>Together:</source>
        <translation>Всего:</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Службы</translation>
    </message>
    <message>
        <source>Names:</source>
        <translation>Имена:</translation>
    </message>
    <message>
        <source>Staking:</source>
        <translation>Стейкинг:</translation>
    </message>
    <message>
        <source>DNS server:</source>
        <translation>DNS-сервер:</translation>
    </message>
    <message>
        <source>Recent transactions</source>
        <translation>Последние транзакции</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>Нет открытого кошелька.</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Чтение…</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>Пока ничего нет.</translation>
    </message>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n активное</numerusform>
            <numerusform>%n активных</numerusform>
            <numerusform>%n активных</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n expire(s) within a month</source>
        <translation>
            <numerusform>, %n истекает в течение месяца</numerusform>
            <numerusform>, %n истекают в течение месяца</numerusform>
            <numerusform>, %n истекают в течение месяца</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Change the passphrase</source>
        <translation>Смена пароля</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Пароль</translation>
    </message>
    <message>
        <source>With a passphrase, nobody who gets the file can spend from it. Leave it empty to have none.</source>
        <translation>С паролем никто, к кому попадёт файл, не сможет потратить монеты. Если пароль не нужен, оставьте поле пустым.</translation>
    </message>
    <message>
        <source>Whoever has the file needs the passphrase to spend. There is no way around a forgotten one but the words you wrote down.</source>
        <translation>Чтобы потратить монеты, кроме файла нужен пароль. Если он забыт, помогут только записанные вами слова.</translation>
    </message>
    <message>
        <source>&amp;Present passphrase:</source>
        <translation>&amp;Текущий пароль:</translation>
    </message>
    <message>
        <source>&amp;New passphrase:</source>
        <translation>&amp;Новый пароль:</translation>
    </message>
    <message>
        <source>&amp;Again:</source>
        <translation>&amp;Ещё раз:</translation>
    </message>
    <message>
        <source>Strength:</source>
        <translation>Надёжность:</translation>
    </message>
    <message>
        <source>strong</source>
        <translation>высокая</translation>
    </message>
    <message>
        <source>fair</source>
        <translation>средняя</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>низкая</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Пароли не совпадают.</translation>
    </message>
    <message>
        <source>Several words that have nothing to do with each other are harder to guess.</source>
        <translation>Несколько не связанных друг с другом слов угадать труднее.</translation>
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
        <translation>Завершение работы…</translation>
    </message>
</context>
<context>
    <name>PsbtDialog</name>
    <message>
        <source>Partially signed transaction</source>
        <translation>Частично подписанная транзакция</translation>
    </message>
    <message>
        <source>Paste base64, or load a file</source>
        <translation>Вставьте base64 или загрузите файл</translation>
    </message>
    <message>
        <source>&amp;Sign</source>
        <translation>По&amp;дписать</translation>
    </message>
    <message>
        <source>Send to the &amp;network</source>
        <translation>Отправить в &amp;сеть</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>&amp;Загрузить…</translation>
    </message>
    <message>
        <source>Sa&amp;ve…</source>
        <translation>Со&amp;хранить…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Копировать</translation>
    </message>
    <message>
        <source>&amp;QR code</source>
        <translation>&amp;QR-код</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 на %2</translation>
    </message>
    <message numerus="yes">
        <source>%n input(s)</source>
        <translation>
            <numerusform>%n вход</numerusform>
            <numerusform>%n входа</numerusform>
            <numerusform>%n входов</numerusform>
        </translation>
    </message>
    <message>
        <source>, all signed</source>
        <translation>, всё подписано</translation>
    </message>
    <message>
        <source>, signatures are missing</source>
        <translation>, не хватает подписей</translation>
    </message>
    <message>
        <source>This wallet has no key for it, or has signed already.</source>
        <translation>У этого кошелька нет нужного ключа, или он уже подписал.</translation>
    </message>
    <message>
        <source>Send?</source>
        <translation>Отправить?</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Отправить</translation>
    </message>
    <message>
        <source>Sent in transaction %1</source>
        <translation>Отправлено в транзакции %1</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Загрузить</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>Не удаётся прочитать %1: %2.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>Не удаётся записать %1: %2.</translation>
    </message>
</context>
<context>
    <name>RawEditor</name>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Имя:</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Текст</translation>
    </message>
    <message>
        <source>Hexadecimal</source>
        <translation>Шестнадцатеричный</translation>
    </message>
    <message>
        <source>Base64</source>
        <translation>Base64</translation>
    </message>
    <message>
        <source>&amp;Written as:</source>
        <translation>&amp;Формат:</translation>
    </message>
    <message>
        <source>&amp;Value:</source>
        <translation>Зна&amp;чение:</translation>
    </message>
    <message>
        <source>From a &amp;file…</source>
        <translation>Из ф&amp;айла…</translation>
    </message>
    <message>
        <source>Hexadecimal is pairs of 0–9 and a–f, like 48656c6c6f.</source>
        <translation>Шестнадцатеричная запись — это пары из 0–9 и a–f, например 48656c6c6f.</translation>
    </message>
    <message>
        <source>This is not base64.</source>
        <translation>Это не base64.</translation>
    </message>
    <message>
        <source>A value has at most %1 bytes; this one has %2.</source>
        <translation>Значение — не более %1 байт, здесь %2.</translation>
    </message>
    <message>
        <source>A name has at most %1 bytes; this one has %2.</source>
        <translation>Имя — не более %1 байт, здесь %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n байт</numerusform>
            <numerusform>%n байта</numerusform>
            <numerusform>%n байт</numerusform>
        </translation>
    </message>
    <message>
        <source>These bytes are no text; they stay as they were.</source>
        <translation>Эти байты — не текст; они остаются без изменений.</translation>
    </message>
    <message>
        <source>Value from a file</source>
        <translation>Значение из файла</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>Не удаётся прочитать %1: %2.</translation>
    </message>
</context>
<context>
    <name>ReceivePage</name>
    <message>
        <source>Label</source>
        <translation>Метка</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Received so far</source>
        <translation>Получено на сегодня</translation>
    </message>
    <message>
        <source>who will pay</source>
        <translation>от кого платёж</translation>
    </message>
    <message>
        <source>&amp;Label:</source>
        <translation>Ме&amp;тка:</translation>
    </message>
    <message>
        <source>left open</source>
        <translation>любая</translation>
    </message>
    <message>
        <source>&amp;Amount (EMC):</source>
        <translation>Сумм&amp;а (EMC):</translation>
    </message>
    <message>
        <source>shown to the payer</source>
        <translation>увидит плательщик</translation>
    </message>
    <message>
        <source>&amp;Message:</source>
        <translation>Соо&amp;бщение:</translation>
    </message>
    <message>
        <source>Segwit (bech32), cheapest to spend</source>
        <translation>SegWit (bech32), тратить дешевле всего</translation>
    </message>
    <message>
        <source>Taproot (bech32m)</source>
        <translation>Taproot (bech32m)</translation>
    </message>
    <message>
        <source>Segwit inside P2SH, for older wallets</source>
        <translation>SegWit внутри P2SH, для старых кошельков</translation>
    </message>
    <message>
        <source>Legacy, for verifiers and signed messages</source>
        <translation>Legacy, для проверяющих и подписи сообщений</translation>
    </message>
    <message>
        <source>&amp;Type:</source>
        <translation>Ти&amp;п:</translation>
    </message>
    <message>
        <source>&amp;New address</source>
        <translation>&amp;Новый адрес</translation>
    </message>
    <message>
        <source>&amp;Copy link</source>
        <translation>Копировать ссы&amp;лку</translation>
    </message>
    <message>
        <source>Copy a&amp;ddress</source>
        <translation>Копировать а&amp;дрес</translation>
    </message>
    <message>
        <source>Make an address to show it here.</source>
        <translation>Создайте адрес, и он появится здесь.</translation>
    </message>
</context>
<context>
    <name>RecipientRow</name>
    <message>
        <source>Receiver %1</source>
        <translation>Получатель %1</translation>
    </message>
    <message>
        <source>Pay &amp;to:</source>
        <translation>Ком&amp;у:</translation>
    </message>
    <message>
        <source>for your own records</source>
        <translation>для себя</translation>
    </message>
    <message>
        <source>&amp;Label:</source>
        <translation>Ме&amp;тка:</translation>
    </message>
    <message>
        <source>&amp;Amount (EMC):</source>
        <translation>Сумм&amp;а (EMC):</translation>
    </message>
    <message>
        <source>The receiver pays the fee</source>
        <translation>Комиссию платит получатель</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>У&amp;брать</translation>
    </message>
    <message>
        <source>Write the receiver&apos;s address.</source>
        <translation>Укажите адрес получателя.</translation>
    </message>
    <message>
        <source>Write how much to pay.</source>
        <translation>Укажите сумму.</translation>
    </message>
</context>
<context>
    <name>ResolveBox</name>
    <message>
        <source>Number to resolve</source>
        <translation>Проверяемый номер</translation>
    </message>
    <message>
        <source>A number with its country code</source>
        <translation>Номер с кодом страны</translation>
    </message>
    <message>
        <source>&amp;Where do calls go?</source>
        <translation>Куда идут &amp;звонки?</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code, like %1.</source>
        <translation>В номере от 4 до 15 цифр, и начинается он с кода страны, например %1.</translation>
    </message>
    <message>
        <source>This node has no DNS server.</source>
        <translation>На этом узле нет DNS-сервера.</translation>
    </message>
    <message>
        <source> — slot %1</source>
        <translation> — слот %1</translation>
    </message>
    <message>
        <source>, signed by %1</source>
        <translation>, подписано: %1</translation>
    </message>
    <message>
        <source>From the toll-free list %1</source>
        <translation>Из списка бесплатных номеров %1</translation>
    </message>
    <message>
        <source>Callers get no answer for this number.</source>
        <translation>По этому номеру звонящие не получают ответа.</translation>
    </message>
    <message>
        <source>Slot %1 does not count: %2</source>
        <translation>Слот %1 не учитывается: %2</translation>
    </message>
</context>
<context>
    <name>RewardsPage</name>
    <message>
        <source>&amp;Batches</source>
        <translation>&amp;Пакеты</translation>
    </message>
    <message>
        <source>Call &amp;records</source>
        <translation>&amp;Записи о звонках</translation>
    </message>
    <message>
        <source>The node keeps no call records. Start it with calls=1 in emercoin.conf to be rewarded for calls.</source>
        <translation>Узел не ведёт записи о звонках. Чтобы получать вознаграждение за звонки, запустите его с calls=1 в emercoin.conf.</translation>
    </message>
    <message>
        <source>&amp;New…</source>
        <translation>Созд&amp;ать…</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>За&amp;грузить…</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>Прове&amp;рить</translation>
    </message>
    <message>
        <source>&amp;Sign</source>
        <translation>По&amp;дписать</translation>
    </message>
    <message>
        <source>Sa&amp;ve for the other side…</source>
        <translation>Со&amp;хранить для другой стороны…</translation>
    </message>
    <message>
        <source>Cl&amp;aim…</source>
        <translation>Пол&amp;учить…</translation>
    </message>
    <message>
        <source>Re&amp;fuse…</source>
        <translation>О&amp;тклонить…</translation>
    </message>
    <message>
        <source>Only calls of this number</source>
        <translation>Только звонки этого номера</translation>
    </message>
    <message>
        <source>&amp;Import a file…</source>
        <translation>&amp;Импорт из файла…</translation>
    </message>
    <message>
        <source>A number has 4 to 15 digits and begins with its country code.</source>
        <translation>В номере от 4 до 15 цифр, и начинается он с кода страны.</translation>
    </message>
    <message>
        <source>Call records</source>
        <translation>Записи о звонках</translation>
    </message>
    <message>
        <source>Written by:</source>
        <translation>Записано программой:</translation>
    </message>
    <message>
        <source>%1 new, %2 known, %3 not answered.</source>
        <translation>Новых: %1, уже известных: %2, без ответа: %3.</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Строка %1: %2</translation>
    </message>
    <message>
        <source>New batch</source>
        <translation>Новый пакет</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>Нет открытого кошелька.</translation>
    </message>
    <message>
        <source>Calling number:</source>
        <translation>Номер звонящего:</translation>
    </message>
    <message>
        <source>Called number:</source>
        <translation>Вызываемый номер:</translation>
    </message>
    <message numerus="yes">
        <source>A batch of %n call(s) was made; sign it, then hand it to the other side</source>
        <translation>
            <numerusform>Создан пакет из %n звонка; подпишите его и передайте другой стороне</numerusform>
            <numerusform>Создан пакет из %n звонков; подпишите его и передайте другой стороне</numerusform>
            <numerusform>Создан пакет из %n звонков; подпишите его и передайте другой стороне</numerusform>
        </translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Проверка</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Подпись</translation>
    </message>
    <message>
        <source>Sign?</source>
        <translation>Подписать?</translation>
    </message>
    <message>
        <source>Sign &amp;without the disputed calls</source>
        <translation>Подписать &amp;без спорных звонков</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>Получение вознаграждения</translation>
    </message>
    <message>
        <source>Claim?</source>
        <translation>Получить вознаграждение?</translation>
    </message>
    <message>
        <source>&amp;Claim</source>
        <translation>&amp;Получить</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>Отклонить</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Почему?</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Сохранить</translation>
    </message>
    <message>
        <source>Written to %1: hand it to the other side</source>
        <translation>Записано в %1: передайте файл другой стороне</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Загрузить</translation>
    </message>
    <message>
        <source>A&amp;utomatic</source>
        <translation>А&amp;втоматически</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more problem(s)</source>
        <translation>
            <numerusform>… и ещё %n ошибка</numerusform>
            <numerusform>… и ещё %n ошибки</numerusform>
            <numerusform>… и ещё %n ошибок</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SendPage</name>
    <message>
        <source>Next blocks</source>
        <translation>Ближайшие блоки</translation>
    </message>
    <message>
        <source>About an hour</source>
        <translation>Около часа</translation>
    </message>
    <message>
        <source>About a day, cheap</source>
        <translation>Около суток, дёшево</translation>
    </message>
    <message>
        <source>Own rate</source>
        <translation>Своя ставка</translation>
    </message>
    <message>
        <source>&amp;Confirmed in:</source>
        <translation>Подтверж&amp;дение:</translation>
    </message>
    <message>
        <source>EMC for 1000 bytes</source>
        <translation>EMC за 1000 байт</translation>
    </message>
    <message>
        <source>Fee &amp;rate:</source>
        <translation>Ставка ко&amp;миссии:</translation>
    </message>
    <message>
        <source>C&amp;hoose coins…</source>
        <translation>Выбрать мо&amp;неты…</translation>
    </message>
    <message>
        <source>Coins:</source>
        <translation>Монеты:</translation>
    </message>
    <message>
        <source>&amp;Send…</source>
        <translation>&amp;Отправить…</translation>
    </message>
    <message>
        <source>&amp;Another receiver</source>
        <translation>Ещё &amp;получатель</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>О&amp;чистить</translation>
    </message>
    <message>
        <source>Make &amp;PSBT…</source>
        <translation>Создать &amp;PSBT…</translation>
    </message>
    <message>
        <source>L&amp;oad PSBT…</source>
        <translation>&amp;Загрузить PSBT…</translation>
    </message>
    <message>
        <source>The wallet chooses.</source>
        <translation>Выбирает кошелёк.</translation>
    </message>
    <message numerus="yes">
        <source>%n chosen, together %1.</source>
        <translation>
            <numerusform>Выбрана %n, всего %1.</numerusform>
            <numerusform>Выбрано %n, всего %1.</numerusform>
            <numerusform>Выбрано %n, всего %1.</numerusform>
        </translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>Нет открытого кошелька.</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 на %2</translation>
    </message>
    <message>
        <source>Fee: %1</source>
        <translation>Комиссия: %1</translation>
    </message>
    <message>
        <source>Together: %1</source>
        <translation>Всего: %1</translation>
    </message>
    <message>
        <source>The fee is more than 5 % of what you pay.</source>
        <translation>Комиссия превышает 5 % от суммы платежа.</translation>
    </message>
    <message>
        <source>Send?</source>
        <translation>Отправить?</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Отправить</translation>
    </message>
    <message>
        <source>Sent in transaction %1</source>
        <translation>Отправлено в транзакции %1</translation>
    </message>
    <message>
        <source>Fee:</source>
        <translation>Комиссия:</translation>
    </message>
    <message>
        <source>shown once there are an address and an amount</source>
        <translation>появится, когда введены адрес и сумма</translation>
    </message>
    <message numerus="yes">
        <source>about %1, with %n coin(s) spent</source>
        <translation>
            <numerusform>около %1, тратится %n монета</numerusform>
            <numerusform>около %1, тратятся %n монеты</numerusform>
            <numerusform>около %1, тратится %n монет</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StakingPage</name>
    <message>
        <source>&amp;Stake with the coins of the open wallets</source>
        <translation>Стейкинг &amp;монетами открытых кошельков</translation>
    </message>
    <message>
        <source>&amp;Unlock for staking only…</source>
        <translation>&amp;Разблокировать только для стейкинга…</translation>
    </message>
    <message>
        <source>State:</source>
        <translation>Состояние:</translation>
    </message>
    <message>
        <source>Coins at work:</source>
        <translation>В стейкинге:</translation>
    </message>
    <message>
        <source>A block is expected:</source>
        <translation>Ожидаемый блок:</translation>
    </message>
    <message>
        <source>Next coin:</source>
        <translation>Следующая монета:</translation>
    </message>
    <message>
        <source>Blocks found:</source>
        <translation>Найдено блоков:</translation>
    </message>
    <message>
        <source>&amp;Keep back (EMC):</source>
        <translation>&amp;Оставлять свободными (EMC):</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Сумма</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Возраст</translation>
    </message>
    <message>
        <source>Chance a day</source>
        <translation>Шанс за сутки</translation>
    </message>
    <message>
        <source>Reward now</source>
        <translation>Доход сейчас</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Staking.</source>
        <translation>Стейкинг идёт.</translation>
    </message>
    <message>
        <source>Off.</source>
        <translation>Выключен.</translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n coin(s); the network&apos;s: about %2</source>
        <translation>
            <numerusform>%1 в %n монете; во всей сети около %2</numerusform>
            <numerusform>%1 в %n монетах; во всей сети около %2</numerusform>
            <numerusform>%1 в %n монетах; во всей сети около %2</numerusform>
        </translation>
    </message>
    <message>
        <source>about every %1</source>
        <translation>примерно раз в %1</translation>
    </message>
    <message>
        <source>never</source>
        <translation>никогда</translation>
    </message>
    <message numerus="yes">
        <source>stakes from block %1, %n block(s) ahead</source>
        <translation>
            <numerusform>участвует с блока %1, остался %n блок</numerusform>
            <numerusform>участвует с блока %1, осталось %n блока</numerusform>
            <numerusform>участвует с блока %1, осталось %n блоков</numerusform>
        </translation>
    </message>
    <message>
        <source>no coin waits for its age</source>
        <translation>нет монет, ожидающих созревания</translation>
    </message>
    <message>
        <source>%1 since the start, %2 in the best chain</source>
        <translation>%1 с запуска, %2 в лучшей цепочке</translation>
    </message>
</context>
<context>
    <name>SyncOverlay</name>
    <message>
        <source>Blocks:</source>
        <translation>Блоки:</translation>
    </message>
    <message>
        <source>Speed:</source>
        <translation>Скорость:</translation>
    </message>
    <message>
        <source>Time left:</source>
        <translation>Осталось:</translation>
    </message>
    <message>
        <source>Names and staking:</source>
        <translation>Имена и стейкинг:</translation>
    </message>
    <message>
        <source>&amp;Look at the wallet meanwhile</source>
        <translation>Пока перейти &amp;к кошельку</translation>
    </message>
    <message>
        <source>Fetching and checking the chain</source>
        <translation>Загрузка и проверка цепочки</translation>
    </message>
    <message>
        <source>Balances and names are old until this is done.</source>
        <translation>До завершения балансы и имена будут устаревшими.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 из %2</translation>
    </message>
    <message>
        <source>%1 blocks a second</source>
        <translation>%1 блоков в секунду</translation>
    </message>
    <message numerus="yes">
        <source>%n live name(s) so far; staking begins when the chain is complete</source>
        <translation>
            <numerusform>пока %n активное имя; стейкинг начнётся, когда цепочка загрузится полностью</numerusform>
            <numerusform>пока %n активных имени; стейкинг начнётся, когда цепочка загрузится полностью</numerusform>
            <numerusform>пока %n активных имён; стейкинг начнётся, когда цепочка загрузится полностью</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrafficView</name>
    <message>
        <source>Last ten minutes. Now: %1/s received (filled), %2/s sent (line). Since the start: %3 and %4.</source>
        <translation>Последние десять минут. Сейчас: получено %1/с (заливка), отправлено %2/с (линия). С запуска: %3 и %4.</translation>
    </message>
</context>
<context>
    <name>UnlockDialog</name>
    <message>
        <source>Unlock wallet</source>
        <translation>Разблокировать кошелёк</translation>
    </message>
    <message>
        <source>Opens the wallet for staking only: nothing can be paid from it.</source>
        <translation>Открывает кошелёк только для стейкинга: платить из него нельзя.</translation>
    </message>
    <message>
        <source>The wallet is locked. Its passphrase opens it for a minute.</source>
        <translation>Кошелёк заблокирован. Пароль откроет его на минуту.</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Разблокировать</translation>
    </message>
    <message>
        <source>&amp;Passphrase:</source>
        <translation>&amp;Пароль:</translation>
    </message>
</context>
<context>
    <name>VerifierEditor</name>
    <message>
        <source>&amp;Identifier:</source>
        <translation>И&amp;дентификатор:</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Имя:</translation>
    </message>
    <message>
        <source>&amp;Web page:</source>
        <translation>Веб-&amp;страница:</translation>
    </message>
    <message>
        <source>&amp;E-mail:</source>
        <translation>Эл. &amp;почта:</translation>
    </message>
    <message>
        <source>How you &amp;verify:</source>
        <translation>Способ провер&amp;ки:</translation>
    </message>
    <message>
        <source>&amp;Fee:</source>
        <translation>П&amp;лата:</translation>
    </message>
    <message>
        <source>&amp;Revocation list:</source>
        <translation>Список &amp;отозванных:</translation>
    </message>
    <message>
        <source>1 to 32 of a–z, 0–9, dot, dash and underscore, a letter or digit first.</source>
        <translation>От 1 до 32 знаков: a–z, 0–9, точка, дефис и подчёркивание; первой идёт буква или цифра.</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>%1 has no value</source>
        <translation>у %1 нет значения</translation>
    </message>
    <message>
        <source>%1: the mark | separates records and cannot be part of one</source>
        <translation>%1: знак | разделяет записи и не может входить в запись</translation>
    </message>
    <message>
        <source>TTL is a number of seconds, like 3600</source>
        <translation>TTL — это число секунд, например 3600</translation>
    </message>
    <message>
        <source>A: &apos;%1&apos; is no IPv4 address like 192.0.2.1</source>
        <translation>A: «%1» — не адрес IPv4 вида 192.0.2.1</translation>
    </message>
    <message>
        <source>AAAA: &apos;%1&apos; is no IPv6 address like 2001:db8::1</source>
        <translation>AAAA: «%1» — не адрес IPv6 вида 2001:db8::1</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Строка %1: %2</translation>
    </message>
    <message>
        <source>Costs %1: name fee %2, network fee %3.</source>
        <translation>Стоимость %1: плата за имя %2, комиссия сети %3.</translation>
    </message>
    <message>
        <source>Live until about %1 (block %2).</source>
        <translation>Действует примерно до %1 (блок %2).</translation>
    </message>
    <message numerus="yes">
        <source>%n signature(s) will be left out: they belong to the present owner.</source>
        <translation>
            <numerusform>%n подпись не войдёт: она относится к нынешнему владельцу.</numerusform>
            <numerusform>%n подписи не войдут: они относятся к нынешнему владельцу.</numerusform>
            <numerusform>%n подписей не войдут: они относятся к нынешнему владельцу.</numerusform>
        </translation>
    </message>
    <message>
        <source>needs a name, a value and days</source>
        <translation>нужны имя, значение и число дней</translation>
    </message>
    <message>
        <source>a name has 1 to %1 bytes</source>
        <translation>имя — от 1 до %1 байт</translation>
    </message>
    <message>
        <source>a value has at most %1 bytes</source>
        <translation>значение — не более %1 байт</translation>
    </message>
    <message>
        <source>days are a number from 1 to %1</source>
        <translation>дни — это число от 1 до %1</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>Не удаётся записать %1: %2.</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>Не удаётся прочитать %1: %2.</translation>
    </message>
    <message>
        <source>%1 is too large.</source>
        <translation>Файл %1 слишком велик.</translation>
    </message>
    <message>
        <source>%1 holds no names.</source>
        <translation>В %1 нет имён.</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>не подписан</translation>
    </message>
    <message>
        <source>waits for a block</source>
        <translation>ожидает блока</translation>
    </message>
    <message>
        <source>live</source>
        <translation>активно</translation>
    </message>
    <message>
        <source>expires soon</source>
        <translation>скоро истекает</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>истекло</translation>
    </message>
    <message>
        <source>handed over</source>
        <translation>передано</translation>
    </message>
    <message>
        <source>What:</source>
        <translation>Операция:</translation>
    </message>
    <message>
        <source>When:</source>
        <translation>Время:</translation>
    </message>
    <message>
        <source>State:</source>
        <translation>Состояние:</translation>
    </message>
    <message>
        <source>Amount:</source>
        <translation>Сумма:</translation>
    </message>
    <message>
        <source>Fee of the transaction:</source>
        <translation>Комиссия транзакции:</translation>
    </message>
    <message>
        <source>Address:</source>
        <translation>Адрес:</translation>
    </message>
    <message>
        <source>Label:</source>
        <translation>Метка:</translation>
    </message>
    <message>
        <source>Comment:</source>
        <translation>Комментарий:</translation>
    </message>
    <message>
        <source>Block:</source>
        <translation>Блок:</translation>
    </message>
    <message>
        <source>Transaction:</source>
        <translation>Транзакция:</translation>
    </message>
    <message>
        <source>Output:</source>
        <translation>Выход:</translation>
    </message>
    <message>
        <source>This node has no wallet to stake with.</source>
        <translation>На этом узле нет кошелька для стейкинга.</translation>
    </message>
    <message>
        <source>Staking is off.</source>
        <translation>Стейкинг выключен.</translation>
    </message>
    <message>
        <source>Not staking: %1</source>
        <translation>Стейкинг не идёт: %1</translation>
    </message>
    <message>
        <source>Staking with %1; a block is expected about every %2.</source>
        <translation>В стейкинге %1; среднее время до блока: %2.</translation>
    </message>
    <message>
        <source>unknown time</source>
        <translation>неизвестно</translation>
    </message>
    <message>
        <source>The DNS server does not run.</source>
        <translation>DNS-сервер не запущен.</translation>
    </message>
    <message>
        <source>Connected for %1. Version %2. Services: %3. Its clock is %4 s ahead.</source>
        <translation>На связи %1. Версия %2. Службы: %3. Часы спешат на %4 с.</translation>
    </message>
    <message>
        <source>stakes</source>
        <translation>в стейкинге</translation>
    </message>
    <message>
        <source>Emercoin telephony node</source>
        <translation>Узел телефонии Emercoin</translation>
    </message>
    <message>
        <source>QR code</source>
        <translation>QR-код</translation>
    </message>
    <message>
        <source>This is too long for a QR code; save it as a file.</source>
        <translation>Слишком длинно для QR-кода; сохраните в файл.</translation>
    </message>
    <message>
        <source>not signed yet</source>
        <translation>ещё не подписан</translation>
    </message>
    <message>
        <source>waits for the other side</source>
        <translation>ожидает другую сторону</translation>
    </message>
    <message>
        <source>signed by both, may be claimed</source>
        <translation>подписан обеими сторонами, можно получить вознаграждение</translation>
    </message>
    <message>
        <source>claimed, waits for a block</source>
        <translation>вознаграждение запрошено, ожидает блока</translation>
    </message>
    <message>
        <source>rewarded</source>
        <translation>вознаграждение получено</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>отклонён</translation>
    </message>
    <message>
        <source>Caller</source>
        <translation>Звонящий</translation>
    </message>
    <message>
        <source>Called</source>
        <translation>Вызываемый</translation>
    </message>
    <message>
        <source>From</source>
        <translation>С</translation>
    </message>
    <message>
        <source>To</source>
        <translation>По</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Звонки</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>Минуты</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Claim</source>
        <translation>Вознаграждение</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Отвечен</translation>
    </message>
    <message>
        <source>Lasted</source>
        <translation>Длительность</translation>
    </message>
    <message>
        <source>Call-ID</source>
        <translation>Call-ID</translation>
    </message>
    <message>
        <source>Transaction %1.</source>
        <translation>Транзакция %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n disputed call(s) were left out.</source>
        <translation>
            <numerusform>%n спорный звонок исключён.</numerusform>
            <numerusform>%n спорных звонка исключены.</numerusform>
            <numerusform>%n спорных звонков исключено.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) agree with the own records.</source>
        <translation>
            <numerusform>%n звонок совпадает с вашими записями.</numerusform>
            <numerusform>%n звонка совпадают с вашими записями.</numerusform>
            <numerusform>%n звонков совпадают с вашими записями.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 at %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s) are disputed together.</source>
        <translation>
            <numerusform>Всего %n спорный звонок.</numerusform>
            <numerusform>Всего %n спорных звонка.</numerusform>
            <numerusform>Всего %n спорных звонков.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n own call(s) of the period are missing in it.</source>
        <translation>
            <numerusform>В нём не хватает %n вашего звонка за этот период.</numerusform>
            <numerusform>В нём не хватает %n ваших звонков за этот период.</numerusform>
            <numerusform>В нём не хватает %n ваших звонков за этот период.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Claim %1: the minutes allow %2, the age of your coins %3.
You get %4, the caller&apos;s side %5, the network fee is %6.
%n coin(s) worth %7 lose their age; staking it would have brought %8.</source>
        <translation>
            <numerusform>Получить %1: минуты позволяют %2, возраст ваших монет — %3.
Вам достанется %4, стороне звонящего — %5, комиссия сети — %6.
%n монета на сумму %7 потеряет возраст; стейкинг принёс бы %8.</numerusform>
            <numerusform>Получить %1: минуты позволяют %2, возраст ваших монет — %3.
Вам достанется %4, стороне звонящего — %5, комиссия сети — %6.
%n монеты на сумму %7 потеряют возраст; стейкинг принёс бы %8.</numerusform>
            <numerusform>Получить %1: минуты позволяют %2, возраст ваших монет — %3.
Вам достанется %4, стороне звонящего — %5, комиссия сети — %6.
%n монет на сумму %7 потеряют возраст; стейкинг принёс бы %8.</numerusform>
        </translation>
    </message>
    <message>
        <source>Write one decimal point and no separators, like 1234.5</source>
        <translation>Введите число с одной десятичной точкой и без разделителей, например 1234.5</translation>
    </message>
    <message>
        <source>Write an amount in EMC, like 1.5</source>
        <translation>Введите сумму в EMC, например 1.5</translation>
    </message>
    <message>
        <source>Only digits and one decimal point belong here, like 1.5</source>
        <translation>Допустимы только цифры и одна десятичная точка, например 1.5</translation>
    </message>
    <message>
        <source>An amount has at most 8 decimals</source>
        <translation>В сумме не более 8 знаков после точки</translation>
    </message>
    <message>
        <source>There are not that many coins</source>
        <translation>Столько монет не существует</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>неизвестно</translation>
    </message>
    <message>
        <source>d</source>
        <translation>д</translation>
    </message>
    <message>
        <source>h</source>
        <translation>ч</translation>
    </message>
    <message>
        <source>min</source>
        <translation>мин</translation>
    </message>
    <message>
        <source>s</source>
        <translation>с</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Отправлено</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Получено</translation>
    </message>
    <message>
        <source>Mined, not in the chain</source>
        <translation>Добыто, не в цепочке</translation>
    </message>
    <message>
        <source>Mined or minted, not mature</source>
        <translation>Добыто, не созрело</translation>
    </message>
    <message>
        <source>Mined or minted</source>
        <translation>Добыто</translation>
    </message>
    <message>
        <source>given up</source>
        <translation>отброшена</translation>
    </message>
    <message>
        <source>another one spent its coins</source>
        <translation>её монеты потратила другая</translation>
    </message>
    <message numerus="yes">
        <source>%n confirmation(s)</source>
        <translation>
            <numerusform>%n подтверждение</numerusform>
            <numerusform>%n подтверждения</numerusform>
            <numerusform>%n подтверждений</numerusform>
        </translation>
    </message>
    <message>
        <source>&apos;%1&apos; is no emercoin: address.</source>
        <translation>«%1» — не адрес emercoin:.</translation>
    </message>
    <message>
        <source>This link names no address.</source>
        <translation>В ссылке не указан адрес.</translation>
    </message>
    <message>
        <source>The link&apos;s amount &apos;%1&apos; is wrong.</source>
        <translation>Неверная сумма в ссылке: «%1».</translation>
    </message>
    <message>
        <source>The link asks for &apos;%1&apos;, which this version does not know.</source>
        <translation>Ссылка требует «%1», но эта версия такого не знает.</translation>
    </message>
    <message>
        <source>Wallet</source>
        <translation>Кошелёк</translation>
    </message>
    <message>
        <source>This node runs without wallets (-disablewallet).</source>
        <translation>Узел запущен без кошельков (-disablewallet).</translation>
    </message>
    <message>
        <source>No wallet is open.</source>
        <translation>Нет открытого кошелька.</translation>
    </message>
    <message>
        <source>Name of the wallet:</source>
        <translation>Название кошелька:</translation>
    </message>
    <message>
        <source>default</source>
        <translation>основной</translation>
    </message>
    <message>
        <source>New wallet</source>
        <translation>Новый кошелёк</translation>
    </message>
    <message>
        <source>Load wallet</source>
        <translation>Загрузить кошелёк</translation>
    </message>
    <message>
        <source>There are no wallets in the folder.</source>
        <translation>В папке нет кошельков.</translation>
    </message>
    <message>
        <source>Wallet:</source>
        <translation>Кошелёк:</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>Восстановление из копии</translation>
    </message>
    <message>
        <source>Close wallet</source>
        <translation>Закрыть кошелёк</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>Смена пароля</translation>
    </message>
    <message>
        <source>Encrypt</source>
        <translation>Шифрование</translation>
    </message>
    <message>
        <source>The passphrase was changed. Backups keep the one they had.</source>
        <translation>Пароль изменён. У резервных копий остаётся прежний.</translation>
    </message>
    <message>
        <source>The wallet is encrypted and locked. Make a new backup; older ones are not encrypted.</source>
        <translation>Кошелёк зашифрован и заблокирован. Сделайте новую резервную копию: прежние не зашифрованы.</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Блокировка</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Резервная копия</translation>
    </message>
    <message>
        <source>%1 was written, read again and is whole. Keep it on another device.</source>
        <translation>Файл %1 записан, перечитан и цел. Храните его на другом устройстве.</translation>
    </message>
    <message>
        <source>Words to write down</source>
        <translation>Слова для записи</translation>
    </message>
    <message>
        <source>Sign a message</source>
        <translation>Подпись сообщения</translation>
    </message>
    <message>
        <source>Legacy address of this wallet:</source>
        <translation>Legacy-адрес этого кошелька:</translation>
    </message>
    <message>
        <source>Message:</source>
        <translation>Сообщение:</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>Открыть ссылку</translation>
    </message>
    <message>
        <source>In the DNS other letters are written in another way: %1.</source>
        <translation>В DNS другие буквы записываются иначе: %1.</translation>
    </message>
    <message>
        <source>A host name is words of letters, digits, dashes and underscores joined by dots, like example.coin; a word has at most 63 characters.</source>
        <translation>Имя узла — слова из букв, цифр, дефисов и подчёркиваний, разделённые точками, например example.coin; в слове не больше 63 знаков.</translation>
    </message>
    <message>
        <source>the name or the value is not base64</source>
        <translation>имя или значение не является base64</translation>
    </message>
    <message>
        <source>%1, line %2: %3.</source>
        <translation>%1, строка %2: %3.</translation>
    </message>
    <message>
        <source>Give the wallet a name.</source>
        <translation>Дайте кошельку имя.</translation>
    </message>
    <message>
        <source>A name has no / in it and begins with no dot.</source>
        <translation>В имени нет знака /, и оно не начинается с точки.</translation>
    </message>
    <message>
        <source>The words, with blanks between them:</source>
        <translation>Слова через пробел:</translation>
    </message>
    <message>
        <source>Their own passphrase, if they have one:</source>
        <translation>Их собственный пароль, если он есть:</translation>
    </message>
    <message>
        <source>Only letters, digits and signs of ASCII can be used here.</source>
        <translation>Здесь можно использовать только буквы, цифры и знаки ASCII.</translation>
    </message>
    <message>
        <source>Restore from words</source>
        <translation>Восстановление по словам</translation>
    </message>
    <message>
        <source>restored</source>
        <translation>восстановленный</translation>
    </message>
    <message>
        <source>The wallet is back; all blocks were looked through.</source>
        <translation>Кошелёк восстановлен; все блоки просмотрены.</translation>
    </message>
    <message>
        <source>An earlier operation of %1 waits for a block, in transaction %2. Nothing else can be done with the name until then.</source>
        <translation>Предыдущая операция с %1 ожидает блока, в транзакции %2. До этого с именем больше ничего сделать нельзя.</translation>
    </message>
    <message>
        <source>Answers at %1. Questions so far: %2. Live names: %3.</source>
        <translation>Отвечает на %1. Запросов: %2. Активных имён: %3.</translation>
    </message>
    <message numerus="yes">
        <source>%n begun minute(s)</source>
        <translation>
            <numerusform>%n начатая минута</numerusform>
            <numerusform>%n начатые минуты</numerusform>
            <numerusform>%n начатых минут</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n call(s), %1</source>
        <translation>
            <numerusform>%n звонок, %1</numerusform>
            <numerusform>%n звонка, %1</numerusform>
            <numerusform>%n звонков, %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WordsDialog</name>
    <message>
        <source>Words to write down</source>
        <translation>Слова для записи</translation>
    </message>
    <message>
        <source>Write these words on paper, in this order. Whoever has them has the coins; without the wallet file they are what brings everything back. Do not photograph them.</source>
        <translation>Запишите эти слова на бумаге в том же порядке. У кого они, у того и монеты; если файл кошелька пропадёт, только они вернут всё. Не фотографируйте их.</translation>
    </message>
    <message>
        <source>I have &amp;written them</source>
        <translation>Слова &amp;записаны</translation>
    </message>
    <message>
        <source>Word %1:</source>
        <translation>Слово %1:</translation>
    </message>
    <message>
        <source>&amp;Check</source>
        <translation>Прове&amp;рить</translation>
    </message>
    <message>
        <source>Word %1 is another one. Look at your paper; Cancel shows the words anew.</source>
        <translation>Слово %1 другое. Сверьтесь с записью; «Отмена» покажет слова ещё раз.</translation>
    </message>
</context>
<context>
    <name>emc::qt</name>
    <message>
        <source>Address</source>
        <translation>Адрес</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Тип</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Программа</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Блок</translation>
    </message>
    <message>
        <source>Ping</source>
        <translation>Пинг</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Получено</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Отправлено</translation>
    </message>
    <message>
        <source>&amp;Disconnect</source>
        <translation>&amp;Отключить</translation>
    </message>
    <message>
        <source>&amp;Ban for a day</source>
        <translation>&amp;Заблокировать на сутки</translation>
    </message>
    <message>
        <source>B&amp;ans…</source>
        <translation>Блок&amp;ировки…</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n соединение</numerusform>
            <numerusform>%n соединения</numerusform>
            <numerusform>%n соединений</numerusform>
        </translation>
    </message>
    <message>
        <source>Peers</source>
        <translation>Пиры</translation>
    </message>
    <message>
        <source>Bans</source>
        <translation>Блокировки</translation>
    </message>
    <message>
        <source>Nobody is banned.</source>
        <translation>Никто не заблокирован.</translation>
    </message>
    <message>
        <source> until %1</source>
        <translation> до %1</translation>
    </message>
    <message>
        <source>Lift this ban:</source>
        <translation>Снять блокировку:</translation>
    </message>
</context>
</TS>
