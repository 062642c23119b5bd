//! The Chinese sentences. What a page or another program said stands in quotes or as code.

use docdrift_model::{
    Field, Lang, Reason, Warning, WarningKind,
    check::{Figure, Limit},
    finding::{Finding, FindingKind},
    reason::{
        Damage, FetchFailure, FetchProblem, FoundCodes, FoundColumn, Garbling, LostColumn, LostRows, LostTable,
        PageProblem, Sample, Subject, Truncation, WrittenLanguage,
    },
    trace::TraceVerdict,
};

use super::percent;
use crate::{
    escape,
    span::{MAX_TEXT_CHARS, shorten},
};

pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Page { lang, problem: what, lost_rows } => {
            format!("{}：{}{}", page(*lang), problem(what), lost_rows.as_ref().map(rows_gone).unwrap_or_default())
        }
        Reason::Share { subject: what, damage: how, codes, total } => {
            format!("{}：共 {total} 项，其中 {} 项{}{}", subject(*what), codes.count, damage(*how), in_brackets(codes))
        }
        Reason::ColumnsLost(columns) => format!("以下列已消失：{}", join(columns, "、", lost_column)),
        Reason::TablesLost(tables) => join(tables, "；", lost_table),
        Reason::TooManyFailing { failed, total, limit } => format!(
            "本次运行中失败的来源过多：{}，上限为 {limit}%；查明原因之前，其余来源的变更不可信",
            share(*failed, *total)
        ),
        Reason::UnconfirmedRemovals { codes, runs, needed } => format!(
            "{} 个错误码已消失{}，目前有 {runs} 次运行确认，共需 {needed} 次；再连续 {} 次得到相同结果后才会删除",
            codes.count,
            in_brackets(codes),
            needed.saturating_sub(*runs)
        ),
        Reason::Reread(inner) => format!("用当前版本的 docdrift 重新解析上次的页面：{}", self::reason(inner)),
        Reason::LastSnapshotUnreadable(error) => format!("无法读取最近一次快照：{}", quote_code(error)),
        Reason::EarlierSnapshotsUnreadable(error) => format!("无法读取更早的快照：{}", quote_code(error)),
        Reason::NewerReader { snapshot, ours } => {
            format!("最近一次快照由第 {snapshot} 版解析器生成，当前 docdrift 的解析器为第 {ours} 版：请升级 docdrift")
        }
        Reason::NoTable { page, warning } => format!("没有错误码表：{page}：{}", no_table(warning.as_ref())),
        Reason::NotReplayed(inner) => format!("保持原样：{}", self::reason(inner)),
        Reason::NothingAcceptable(reasons) => {
            format!("存档中没有可以采用的状态：{}", join(reasons, "；", self::reason))
        }
        Reason::SnapshotRejected { date, reasons } => format!(
            "{date} 的快照按现在的规则不会被采用：{}；请用 `--from` 从更晚的日期开始重放",
            join(reasons, "；", self::reason)
        ),
        Reason::PageNotArchived { lang, date } => {
            format!("存档中缺少 {date} 的快照所用的{}；请恢复存档，或用 `--from` 从更晚的日期开始重放", page(*lang))
        }
        Reason::All(reasons) => join(reasons, "；", self::reason),
        Reason::Other(error) => quote_code(error),
    }
}

fn join<T>(items: &[T], separator: &str, text: impl Fn(&T) -> String) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(separator)
}

/// Returns the words of another program, which are not translated, as code.
fn quote_code(words: &str) -> String {
    format!("`{words}`")
}

fn page(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "中文页",
        Lang::En => "英文页",
    }
}

pub(super) fn problem(problem: &PageProblem) -> String {
    match problem {
        PageProblem::Missing => "本次没有取得该页，而上次的快照中有".to_owned(),
        PageProblem::Unusable(warning) => noticed(warning),
        PageProblem::Truncated(how) => truncation(how),
        PageProblem::Garbled(how) => garbling(how),
        PageProblem::WrongLanguage(other) => format!("语言不符，错误码表使用的是{}", language(*other)),
        PageProblem::SameAsOtherLanguage => "与另一种语言的页面完全相同".to_owned(),
        PageProblem::SameAsSource(other) => format!("与来源 {other} 的页面逐字节相同"),
        PageProblem::Smaller { bytes, percent } => {
            format!("页面大幅缩小，现为 {bytes} 字节，比上次少 {percent}%，并且丢失了部分内容")
        }
        PageProblem::CodesUnfilled(codes) => format!("部分错误码不完整{}", in_brackets(codes)),
        PageProblem::CodesFound(found) => found_codes(found),
        PageProblem::HintsFound { hints, source } => {
            format!("在 sources.toml 中加入 `{hints}` 即可读取：详见 `docdrift heal {source}`")
        }
        PageProblem::NotFetched(failure) => not_fetched(failure),
        PageProblem::NotArchived => "服务器称页面没有变化，但存档中没有该页".to_owned(),
        PageProblem::NoTable(warning) => no_table(warning.as_ref()),
        PageProblem::Unreadable(error) => format!("无法读取：{}", quote_code(error)),
    }
}

fn rows_gone(LostRows { codes, total }: &LostRows) -> String {
    format!("；共 {total} 行，其中 {} 行已消失{}", codes.count, in_brackets(codes))
}

/// Returns `（A、B、C 等）`; nothing where there are no codes.
fn in_brackets(Sample { codes, count }: &Sample) -> String {
    if codes.is_empty() {
        return String::new();
    }
    let more = if *count > codes.len() { " 等" } else { "" };
    format!("（{}{more}）", codes.join("、"))
}

fn truncation(how: &Truncation) -> String {
    match how {
        Truncation::Noticed(warning) => noticed(warning),
        Truncation::EndsWithTable => "页面不完整：最后一张表之后原有内容，现在没有了".to_owned(),
        Truncation::LastRow(code) => format!("页面不完整：最后一行 `{code}` 中途断开"),
        Truncation::Dots { count, total } => format!("页面不完整：共 {total} 段文字，其中 {count} 段以省略号结尾"),
    }
}

fn garbling(how: &Garbling) -> String {
    match how {
        Garbling::Noticed(warning) => noticed(warning),
        Garbling::LostLetters { count, example } => format!("有乱码：{count} 个单元格丢失了字符，例如“{example}”"),
        Garbling::WrongCharset { count, checked, example } => {
            format!("有乱码：抽查 {checked} 个单元格，其中 {count} 个的字符集有误，例如“{example}”")
        }
    }
}

fn language(language: WrittenLanguage) -> &'static str {
    match language {
        WrittenLanguage::Known(Lang::Zh) => "中文",
        WrittenLanguage::Known(Lang::En) => "英文",
        WrittenLanguage::TraditionalChinese => "繁体中文",
        WrittenLanguage::SimplifiedChinese => "简体中文",
        WrittenLanguage::French => "法文",
        WrittenLanguage::German => "德文",
        WrittenLanguage::Spanish => "西班牙文",
        WrittenLanguage::Portuguese => "葡萄牙文",
        WrittenLanguage::Italian => "意大利文",
        WrittenLanguage::Dutch => "荷兰文",
        WrittenLanguage::Indonesian => "印度尼西亚文",
        WrittenLanguage::Turkish => "土耳其文",
        WrittenLanguage::Vietnamese => "越南文",
        WrittenLanguage::Japanese => "日文",
        WrittenLanguage::Korean => "韩文",
        WrittenLanguage::Thai => "泰文",
        WrittenLanguage::Cyrillic => "西里尔字母",
        WrittenLanguage::Arabic => "阿拉伯字母",
    }
}

fn damage(damage: Damage) -> &'static str {
    match damage {
        Damage::Gone => "已消失",
        Damage::CodeGone => "已没有错误码",
        Damage::Clipped => "只剩开头部分",
        Damage::Misplaced => "变成了其他错误或其他列的文字，或者全部相同",
        Damage::Doubled => "重复出现",
        Damage::Replaced => "已变为其他值",
        Damage::Rewritten => "错误码未变，其余内容却完全不同",
    }
}

fn lost_column(LostColumn { column, table, lang }: &LostColumn) -> String {
    let field = Field::ALL.into_iter().find(|field| field.as_str() == column).map(field);
    let column = match column.as_str() {
        "status" => "状态码",
        other => field.unwrap_or(other),
    };
    format!("{}表“{table}”中的“{column}”列", page(*lang))
}

fn field(field: Field) -> &'static str {
    match field {
        Field::Message => "错误消息",
        Field::Description => "描述",
        Field::Solution => "处理措施",
        Field::Group => "分组",
        Field::Extra => "其他",
    }
}

fn lost_table(LostTable { title, codes, total }: &LostTable) -> String {
    let sample = in_brackets(codes);
    if codes.count == *total {
        format!("表“{title}”的全部 {total} 行已消失{sample}")
    } else {
        format!("表“{title}”共 {total} 行，其中 {} 行已消失{sample}", codes.count)
    }
}

fn found_codes(FoundCodes { found, lost, column }: &FoundCodes) -> String {
    let count = format!("丢失的 {lost} 个错误码中，有 {found} 个");
    match column {
        Some(column) => format!("{count}现在位于{}", found_column(column)),
        None => format!("{count}出现在正文中，但不在任何表里"),
    }
}

fn found_column(FoundColumn { number, header, script, lines, verdict }: &FoundColumn) -> String {
    let heading = if header.is_empty() { "无表头的表".to_owned() } else { format!("表头为 `{header}` 的表") };
    let place = match (script, lines) {
        (Some(script), _) => format!("（脚本 `{}` 中）", escape::terminal(script)),
        (None, Some((first, last))) => format!("（第 {first}–{last} 行）"),
        (None, None) => String::new(),
    };
    let why = match verdict {
        TraceVerdict::Rejected { reason } => format!("，该表未被采用，原因：{}", quote_code(reason)),
        TraceVerdict::Accepted { .. } => "，而该表的错误码取自另一列".to_owned(),
        TraceVerdict::Overlapped { by } => format!("，该表已按 `{by}` 方式读取"),
    };
    format!("{heading}{place}的第 {number} 列{why}")
}

fn not_fetched(FetchFailure { problem, url, detail }: &FetchFailure) -> String {
    let (what, advice) = fetch_problem(*problem);
    format!("{what}：{url} （{}）；{advice}", quote_code(detail))
}

/// Returns what happened and what to do.
fn fetch_problem(problem: FetchProblem) -> (&'static str, &'static str) {
    match problem {
        FetchProblem::Gone => ("页面不存在", "请查找页面的新地址"),
        FetchProblem::Blocked => ("服务器拒绝访问", "请稍后或换一个网络重试，并用浏览器查看该地址"),
        FetchProblem::ServerError => ("服务器出错", "请稍后重试"),
        FetchProblem::Moved => ("页面已转到其他地址", "如果新地址的页面正确，请改用新地址"),
        FetchProblem::Refused => ("docdrift 不连接此地址", "请更正地址；如果是本机或本地网络的页面，请标为 `local`"),
        FetchProblem::UnknownHost => ("无法解析主机名", "请检查主机名的拼写和网络"),
        FetchProblem::NoConnection => ("无法建立连接", "请检查网络和代理"),
        FetchProblem::Untrusted => ("TLS 连接不可信", "请检查本机的时钟和 CA 证书"),
        FetchProblem::TimedOut => ("等待响应超时", "请稍后重试"),
        FetchProblem::Dropped => ("连接中断", "请稍后重试"),
        FetchProblem::Empty => ("服务器返回了空页面", "请用浏览器查看该地址"),
        FetchProblem::Truncated => ("页面没有接收完整", "请稍后重试"),
        FetchProblem::TooLarge => ("页面过大", "请确认该地址是网页的地址"),
        FetchProblem::WrongType => ("返回的内容不是网页", "请确认该地址是网页的地址"),
        FetchProblem::Robots => {
            ("robots.txt 不允许抓取", "请联系网站所有者或另找页面；也可在 sources.toml 中说明理由并忽略此规则")
        }
        FetchProblem::OverBudget => ("本次运行的请求数或时间已用完", "请在 sources.toml 中提高限额，或减少抓取的页面"),
        FetchProblem::Interrupted => ("运行被中断", "请重新运行"),
        FetchProblem::NoBrowser => {
            ("页面由脚本生成，但没有可用的浏览器", "请安装 Chromium，或在 sources.toml 中指定浏览器")
        }
    }
}

pub(super) fn no_table(warning: Option<&Warning>) -> String {
    warning.map_or_else(|| "没有错误码表".to_owned(), noticed)
}

pub(super) fn warning(warning: &Warning) -> String {
    let place = match warning.place {
        Some(place) => {
            let row = place.row.map(|row| format!("第 {} 行", row + 1)).unwrap_or_default();
            format!("第 {} 张表{row}：", place.table + 1)
        }
        None => String::new(),
    };
    format!("{place}{}", escape::terminal(&shorten(&noticed(warning), MAX_TEXT_CHARS)))
}

/// Returns the place of a stale decision and what was said about it. That is not translated: it names keys and rows.
pub(super) fn stale(stale: &str) -> String {
    let mut parts = stale.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(line), Some(why)) => format!("{file}:{line}：已不适用（{}）", quote_code(why.trim())),
        _ => quote_code(stale),
    }
}

/// The English details of findings are short and regular; names and numbers are taken from them.
pub(super) fn finding_detail(finding: &Finding) -> String {
    let side = |part: &str| {
        let zh = part.strip_suffix(" in zh only").map(|names| format!("仅中文页有 {names}"));
        zh.or_else(|| part.strip_suffix(" in en only").map(|names| format!("仅英文页有 {names}")))
    };
    match finding.kind {
        FindingKind::LiteralsDiffer => finding.detail.split("; ").filter_map(side).collect::<Vec<_>>().join("；"),
        _ => String::new(),
    }
}

/// Translates `12 of 15 rows, updated on 2025-01-02`.
pub(super) fn row_count(text: &str) -> String {
    let (count, date) = text.split_once(", updated on ").map_or((text, ""), |(count, date)| (count, date));
    let date = if date.is_empty() { String::new() } else { format!("，更新于 {date}") };
    match count.strip_suffix(" rows").and_then(|count| count.split_once(" of ")) {
        Some((part, whole)) => format!("共 {whole} 行，该页有 {part} 行{date}"),
        None => text.to_owned(),
    }
}

/// Returns what reading noticed. The English detail is left out, except for what it quotes.
fn noticed(warning: &Warning) -> String {
    let quotes = quotes(&warning.detail);
    let quotes = if quotes.is_empty() { String::new() } else { format!("（{}）", quotes.join("、")) };
    format!("{}{quotes}", warning_kind(warning.kind))
}

fn warning_kind(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::Empty => "页面没有可见文字",
        WarningKind::Binary => "内容是二进制数据，不是网页",
        WarningKind::NoTable => "页面中没有错误码表",
        WarningKind::Truncated => "页面不完整",
        WarningKind::WrongLanguage => "页面的语言与网址所示的语言不符",
        WarningKind::Wall => "返回的是登录、验证码或脚本提示页，不是正文",
        WarningKind::Charset => "有字节无法按字符集解码，已被替换",
        WarningKind::Doubled => "页面中的表重复出现，只读取一次",
        WarningKind::UncertainRow => "无法确定该行各单元格所属的列",
        WarningKind::TooDeep => "页面的嵌套层数或表的规模超出读取上限",
        WarningKind::Moved => "服务器将该页永久重定向到新地址，请在 sources.toml 中改用新地址",
    }
}

/// Returns the quotations and addresses in an English sentence, with their quotation marks.
fn quotes(detail: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = detail;
    while let Some(start) = rest.find(['“', '`']).into_iter().chain(rest.find("http")).min() {
        rest = &rest[start..];
        let end = match rest.chars().next() {
            Some('“') => rest.find('”').map(|end| end + '”'.len_utf8()),
            Some('`') => rest[1..].find('`').map(|end| end + 2),
            _ => Some(rest.find([' ', '”', '`']).unwrap_or(rest.len())),
        };
        let Some(end) = end else { break };
        let (quote, after) = rest.split_at(end);
        found.push(quote.trim_end_matches([':', ';', ',']));
        rest = after;
    }
    found.retain(|quote| !quote.starts_with("http") || quote.contains("://"));
    found
}

pub(super) fn subject(subject: Subject) -> String {
    match subject {
        Subject::Source => "来源".to_owned(),
        Subject::Page(lang) => page(lang).to_owned(),
        Subject::PageLength(lang) => format!("{}的长度", page(lang)),
        Subject::Rows(lang) => format!("{}的行", page(lang)),
        Subject::Codes(Some(lang)) => format!("{}的错误码", page(lang)),
        Subject::Codes(None) => "来源的错误码".to_owned(),
        Subject::Texts(column, lang) => format!("{}“{}”列的文字", page(lang), field(column)),
        Subject::Statuses(lang) => format!("{}的 HTTP 状态码", page(lang)),
        Subject::Columns => "列".to_owned(),
        Subject::Tables => "表".to_owned(),
    }
}

fn share(part: usize, whole: usize) -> String {
    match whole {
        0 => "无".to_owned(),
        _ => format!("{part}/{whole}（{}%）", percent(part, whole)),
    }
}

pub(super) fn figure(figure: Figure) -> String {
    let word = match figure {
        Figure::Share { part, whole } => return share(part, whole),
        Figure::Tables { part, whole } => return format!("{part}/{whole}"),
        Figure::Gone(count) => return format!("消失 {count} 列"),
        Figure::Unfilled(count) => return format!("不完整 {count} 个"),
        Figure::Bytes { new, old } => return format!("现 {new} 字节，原 {old} 字节"),
        Figure::Language(seen) => seen.map_or("未知", language),
        Figure::Yes => "是",
        Figure::No => "否",
        Figure::NothingSeen => "未发现",
        Figure::Wall => "非正文页",
        Figure::Unreadable => "无法读取",
        Figure::Whole => "完整",
        Figure::Cut => "不完整",
        Figure::Readable => "正常",
        Figure::Garbled => "有乱码",
    };
    word.to_owned()
}

pub(super) fn limit(limit: Limit) -> String {
    match limit {
        Limit::Share { percent, few: 0 } => format!("{percent}%"),
        Limit::Share { percent, few } => format!("{percent}% 或 {few} 个"),
        Limit::ShareOfTable { percent, few } => format!("单表的 {percent}% 或 {few} 行"),
        Limit::Shorter(percent) => format!("缩小 {percent}%"),
        Limit::Language(lang) => language(WrittenLanguage::Known(lang)).to_owned(),
    }
}
