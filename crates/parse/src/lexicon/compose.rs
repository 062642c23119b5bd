//! Interprets unlisted header words word by word. In Chinese and English the last word names the content of a column,
//! and the words before it qualify that: `Error Code Description` is a description, `错误描述码` would be a code.

use docdrift_model::{Role, text::fold};

use super::spellings::Strength;

/// The maximum number of words of a header. A longer text is a sentence.
const MAX_WORDS: usize = 9;
/// The maximum number of characters of a Chinese header.
const MAX_HAN: usize = 14;

/// The meaning of the last word of a header.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// A word for a code. With a word for errors before it, the column is the key of an error table.
    Code,
    /// A word that is a code only after a word for errors: `name`, `value`, `type`.
    Label,
    /// A word for errors by itself: `Error`, `Exception`.
    Error,
    /// Any other role.
    Text(Role),
}

const ENGLISH: [(Head, &[&str]); 8] = [
    (
        Head::Code,
        &[
            "code",
            "codes",
            "errno",
            "errcode",
            "errorcode",
            "retcode",
            "sqlstate",
            "rc",
            "código",
            "códigos",
            "codice",
            "kod",
            "код",
            "fehlercode",
        ],
    ),
    (
        Head::Label,
        &[
            "number",
            "numbers",
            "no",
            "num",
            "nr",
            "id",
            "identifier",
            "value",
            "values",
            "name",
            "names",
            "constant",
            "constants",
            "enum",
            "enums",
            "symbol",
            "symbolic",
            "mnemonic",
            "macro",
            "type",
            "key",
            "tag",
        ],
    ),
    (
        Head::Error,
        &[
            "error",
            "errors",
            "err",
            "exception",
            "exceptions",
            "fault",
            "faults",
            "failure",
            "failures",
            "erreur",
            "fehler",
            "errore",
            "erro",
            "ошибка",
            "エラー",
        ],
    ),
    (
        Head::Text(Role::Message),
        &[
            "message",
            "messages",
            "msg",
            "errmsg",
            "text",
            "prompt",
            "tip",
            "tips",
            "mensaje",
            "mensagem",
            "meldung",
            "nachricht",
            "messaggio",
            "сообщение",
        ],
    ),
    (
        Head::Text(Role::Description),
        &[
            "description",
            "descriptions",
            "desc",
            "meaning",
            "meanings",
            "explanation",
            "explanations",
            "definition",
            "definitions",
            "detail",
            "details",
            "cause",
            "causes",
            "reason",
            "reasons",
            "comment",
            "comments",
            "note",
            "notes",
            "remark",
            "remarks",
            "condition",
            "conditions",
            "scenario",
            "scenarios",
            "situation",
            "situations",
            "info",
            "information",
            "interpretation",
            "semantics",
            "summary",
            "usage",
            "when",
            "example",
            "examples",
            "context",
            "symptom",
            "symptoms",
            "problem",
            "issue",
            "background",
            "trigger",
            "triggers",
            "sense",
            "descripción",
            "descripcion",
            "descrição",
            "beschreibung",
            "descrizione",
            "описание",
            "bedeutung",
            "significado",
            "signification",
            "значение",
            "причина",
            "causa",
            "ursache",
            "razón",
        ],
    ),
    (
        Head::Text(Role::Solution),
        &[
            "solution",
            "solutions",
            "action",
            "actions",
            "resolution",
            "resolutions",
            "handling",
            "handle",
            "fix",
            "fixes",
            "suggestion",
            "suggestions",
            "recommendation",
            "recommendations",
            "troubleshooting",
            "remedy",
            "remedies",
            "measure",
            "measures",
            "workaround",
            "workarounds",
            "mitigation",
            "advice",
            "countermeasure",
            "countermeasures",
            "correction",
            "recovery",
            "do",
            "operation",
            "operations",
            "steps",
            "solución",
            "solução",
            "lösung",
            "soluzione",
            "решение",
            "действие",
            "acción",
            "ação",
            "maßnahme",
        ],
    ),
    (Head::Text(Role::Group), &["module", "category", "product", "component", "group", "facility", "subsystem"]),
    (Head::Text(Role::Status), &["status", "状态"]),
];

/// Words that make a code an error code.
const ERROR_WORDS: [&str; 32] = [
    "error",
    "errors",
    "err",
    "fault",
    "exception",
    "failure",
    "return",
    "returned",
    "ret",
    "result",
    "reason",
    "response",
    "resp",
    "exit",
    "business",
    "biz",
    "sub",
    "warning",
    "alarm",
    "sdk",
    "api",
    "erreur",
    "erro",
    "fehler",
    "ошибки",
    "errore",
    "system",
    "service",
    "internal",
    "close",
    "disconnect",
    "diagnostic",
];

/// Words that name other listed things than errors, in any header.
const FOREIGN_WORDS: [&str; 56] = [
    "parameter",
    "parameters",
    "param",
    "params",
    "field",
    "fields",
    "attribute",
    "attributes",
    "argument",
    "arguments",
    "property",
    "properties",
    "required",
    "mandatory",
    "default",
    "version",
    "option",
    "options",
    "flag",
    "flags",
    "column",
    "bit",
    "bits",
    "offset",
    "width",
    "size",
    "method",
    "url",
    "path",
    "header",
    "format",
    "range",
    "length",
    "unit",
    "permission",
    "permissions",
    "since",
    "element",
    "variable",
    "setting",
    "command",
    "opcode",
    "event",
    "metric",
    "endpoint",
    "country",
    "currency",
    "interface",
    "interfaces",
    "apis",
    "function",
    "functions",
    "class",
    "classes",
    "object",
    "syntax",
];

/// Endings of Chinese headers, sorted by length within a role.
const CHINESE: [(Head, &[&str]); 7] = [
    (
        Head::Text(Role::Solution),
        &[
            "措施",
            "方案",
            "方法",
            "办法",
            "建议",
            "方式",
            "步骤",
            "指引",
            "指导",
            "对策",
            "策略",
            "处理",
            "解决",
            "排查",
            "修复",
            "操作",
            "対処",
            "対策",
            "解決策",
            "対処方法",
            "해결",
            "조치",
        ],
    ),
    (
        Head::Text(Role::Description),
        &[
            "描述",
            "说明",
            "含义",
            "意义",
            "解释",
            "原因",
            "备注",
            "场景",
            "语义",
            "详情",
            "定义",
            "释义",
            "补充",
            "详细信息",
            "条件",
            "内容",
            "情况",
            "现象",
            "用途",
            "举例",
            "示例",
            "中文",
            "注释",
            "介绍",
            "概述",
            "意思",
            "意味",
            "説明",
            "설명",
            "의미",
            "원인",
            "情形",
        ],
    ),
    (
        Head::Text(Role::Message),
        &["信息", "消息", "提示", "文案", "提示语", "报文", "英文", "讯息", "メッセージ", "메시지"],
    ),
    (Head::Code, &["码", "代码", "代号", "编码", "编号", "错误号", "コード", "코드"]),
    (Head::Label, &["值", "名称", "名", "类型", "标识", "标识符", "常量", "枚举", "返回值", "号"]),
    (Head::Error, &["错误", "异常", "报错", "故障", "エラー", "오류"]),
    (Head::Text(Role::Group), &["模块", "分类", "类别", "产品", "所属模块"]),
];

/// Parts of Chinese headers that make a code an error code.
const CHINESE_ERRORS: [&str; 16] = [
    "错误",
    "异常",
    "返回",
    "结果",
    "原因",
    "报错",
    "业务",
    "失败",
    "故障",
    "响应",
    "退出",
    "子码",
    "エラー",
    "오류",
    "에러",
    "告警",
];

/// Parts of Chinese headers that name other listed things than errors.
const CHINESE_FOREIGN: [&str; 22] = [
    "参数", "字段", "属性", "必选", "必填", "是否", "默认", "取值", "范围", "版本", "配置", "列名", "长度", "接口",
    "权限", "价格", "单位", "元素", "国家", "地区", "语言", "事件",
];

/// Traditional characters of header words with their simplified forms.
const SIMPLIFIED: [(char, char); 24] = [
    ('錯', '错'),
    ('誤', '误'),
    ('碼', '码'),
    ('號', '号'),
    ('狀', '状'),
    ('態', '态'),
    ('訊', '讯'),
    ('說', '说'),
    ('釋', '释'),
    ('處', '处'),
    ('決', '决'),
    ('類', '类'),
    ('稱', '称'),
    ('異', '异'),
    ('議', '议'),
    ('備', '备'),
    ('註', '注'),
    ('傳', '传'),
    ('參', '参'),
    ('數', '数'),
    ('欄', '栏'),
    ('義', '义'),
    ('應', '应'),
    ('結', '结'),
];

/// Returns the role that the words of a header name together.
pub(crate) fn compose_role(header: &str) -> Option<(Role, Strength)> {
    if header.len() > 160 {
        return None;
    }
    let (outside, inside) = split_bracket(header);
    read_words(outside).or_else(|| inside.and_then(read_words))
}

/// Whether a header is about parameters, fields or the like.
pub(crate) fn is_foreign(header: &str) -> bool {
    if header.len() > 160 {
        return false;
    }
    let (outside, _) = split_bracket(header);
    let han = simplify(outside);
    if has_cjk(&han) {
        return CHINESE_FOREIGN.iter().any(|part| han.contains(part));
    }
    let words = split_words(outside);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    words.len() <= MAX_WORDS && has(&FOREIGN_WORDS) && !has(&["error", "errors", "exception", "fault"])
}

fn split_bracket(header: &str) -> (&str, Option<&str>) {
    let Some(open) = header.find(['(', '（', '[', '【']) else { return (header, None) };
    let width = header[open..].chars().next().map_or(1, char::len_utf8);
    let inside = header[open + width..].split([')', '）', ']', '】']).next();
    (&header[..open], inside)
}

fn read_words(text: &str) -> Option<(Role, Strength)> {
    let han = simplify(text);
    if has_cjk(&han) { read_chinese(&han) } else { read_english(text) }
}

fn read_english(text: &str) -> Option<(Role, Strength)> {
    let words = split_words(text);
    if words.is_empty() || words.len() > MAX_WORDS {
        return None;
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let is_http = has(&["http", "https"]);
    let starts_with = |phrase: &[&str]| words.iter().map(String::as_str).take(phrase.len()).eq(phrase.iter().copied());
    if starts_with(&["how", "to"]) || starts_with(&["what", "to", "do"]) || starts_with(&["what", "you", "can", "do"]) {
        return Some((Role::Solution, Strength::Weak));
    }
    // In `X of Y` the first word is described; `código de error` is a code.
    let is_joint = |word: &String| matches!(word.as_str(), "of" | "in" | "for" | "de" | "del" | "di");
    let end = words.iter().position(is_joint).unwrap_or(words.len());
    let named = &words[..if end == 0 { words.len() } else { end }];
    let head_at = named.iter().rposition(|word| english_head(word).is_some())?;
    let mut head = english_head(&named[head_at])?;
    let before = &named[..head_at];
    let others = words.iter().enumerate().filter(|(n, _)| *n != head_at).map(|(_, word)| word.as_str());
    let is_error = others.into_iter().any(|word| ERROR_WORDS.contains(&word));
    // `Condition Name` is a condition, unless the word before names errors.
    if head == Head::Label
        && !is_error
        && let Some(other) = before.iter().rev().find_map(|word| english_head(word))
    {
        head = other;
    }
    if is_http && matches!(head, Head::Code | Head::Label | Head::Text(Role::Status)) {
        return Some((Role::Status, Strength::Sure));
    }
    let is_status = words.iter().any(|word| word == "status");
    Some(match head {
        Head::Code if is_status && !is_error => (Role::Status, Strength::Weak),
        Head::Code if is_error => (Role::Code, Strength::Sure),
        Head::Code if before.is_empty() || is_status => (Role::Code, Strength::Weak),
        Head::Label if is_error => (Role::Code, Strength::Weak),
        Head::Code | Head::Label | Head::Error => (Role::Code, Strength::Guess),
        Head::Text(role @ (Role::Group | Role::Status)) => (role, Strength::Weak),
        Head::Text(role) => (role, if before.is_empty() || is_error { Strength::Sure } else { Strength::Weak }),
    })
}

fn english_head(word: &str) -> Option<Head> {
    ENGLISH.iter().find(|(_, words)| words.contains(&word)).map(|(head, _)| *head)
}

fn read_chinese(han: &str) -> Option<(Role, Strength)> {
    let folded = fold(han);
    let folded = folded.trim_matches(|c: char| !c.is_alphanumeric());
    if folded.chars().count() > MAX_HAN + 6 {
        return None;
    }
    let is_http = folded.contains("http");
    let parts: String = folded.chars().filter(|c| !c.is_ascii()).collect();
    let is_error = CHINESE_ERRORS.iter().any(|word| parts.contains(word)) || folded.contains("err");
    let ending = |text: &str| {
        let all = CHINESE.iter().flat_map(|(head, words)| words.iter().map(move |word| (*head, *word)));
        all.filter(|(_, word)| text.ends_with(word)).max_by_key(|(_, word)| word.len()).map(|(head, _)| head)
    };
    let is_state = parts.contains("状态");
    let head = ending(folded).or_else(|| ending(&parts))?;
    Some(match head {
        Head::Code if is_http => (Role::Status, Strength::Sure),
        Head::Code if is_state && !is_error => (Role::Status, Strength::Weak),
        Head::Code if is_error => (Role::Code, Strength::Sure),
        Head::Code => (Role::Code, if parts.chars().count() <= 2 { Strength::Weak } else { Strength::Guess }),
        Head::Label if is_error => (Role::Code, Strength::Weak),
        Head::Label | Head::Error => (Role::Code, Strength::Guess),
        Head::Text(Role::Group) => (Role::Group, Strength::Weak),
        Head::Text(role) => (role, Strength::Sure),
    })
}

fn simplify(text: &str) -> String {
    let simple =
        |c: char| SIMPLIFIED.iter().find(|(traditional, _)| *traditional == c).map_or(c, |(_, simple)| *simple);
    text.chars().map(simple).collect()
}

fn has_cjk(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}

/// Splits a header into lower-case words, including joined ones: `errorCode`, `err_msg`.
fn split_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let is_hump = c.is_uppercase() && before.is_lowercase();
        if !c.is_alphanumeric() || is_hump {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{compose_role, is_foreign};
    use crate::lexicon::Strength::{Guess, Sure, Weak};
    use docdrift_model::Role::{Code, Description, Group, Message, Solution, Status};

    #[test]
    fn interprets_unlisted_headers() {
        for (header, expected) in [
            ("Reason Code", Some((Code, Sure))),
            ("RetCode", Some((Code, Sure))),
            ("error_code", Some((Code, Sure))),
            ("Returned Value", Some((Code, Weak))),
            ("Error Number", Some((Code, Weak))),
            ("Close Code", Some((Code, Sure))),
            ("Code", Some((Code, Weak))),
            ("Constant", Some((Code, Guess))),
            ("Country Code", Some((Code, Guess))),
            ("Business status code", Some((Code, Sure))),
            ("Status code", Some((Status, Weak))),
            ("HTTP response code", Some((Status, Sure))),
            ("HTTP Status", Some((Status, Sure))),
            ("Condition Name", Some((Description, Weak))),
            ("Comments", Some((Description, Sure))),
            ("Desc in Chinese", Some((Description, Sure))),
            ("Description of error code", Some((Description, Sure))),
            ("Error Details Description", Some((Description, Sure))),
            ("err-msg", Some((Message, Sure))),
            ("How to Handle", Some((Solution, Weak))),
            ("Recommended action", Some((Solution, Weak))),
            ("Module", Some((Group, Weak))),
            ("返回代码", Some((Code, Sure))),
            ("原因代码", Some((Code, Sure))),
            ("返回值", Some((Code, Weak))),
            ("代码", Some((Code, Weak))),
            ("HTTP 响应码", Some((Status, Sure))),
            ("返回描述", Some((Description, Sure))),
            ("建议用途", Some((Description, Sure))),
            ("排查方法", Some((Solution, Sure))),
            ("错误消息(中文）", Some((Message, Sure))),
            ("错误描述(msg)", Some((Description, Sure))),
            ("中文", Some((Description, Sure))),
            ("錯誤代碼", Some((Code, Sure))),
            ("處理方法", Some((Solution, Sure))),
            ("エラーコード", Some((Code, Sure))),
            ("오류 코드", Some((Code, Sure))),
            ("Código de error", Some((Code, Sure))),
            ("Lamp", None),
            ("", None),
        ] {
            assert_eq!(compose_role(header), expected, "{header}");
        }
    }

    #[test]
    fn recognizes_headers_of_other_tables() {
        for header in ["Parameter", "Field name", "是否必选", "参数名称", "Default value"] {
            assert!(is_foreign(header), "{header}");
        }
        for header in ["Error Code", "错误码", "Description", "原因"] {
            assert!(!is_foreign(header), "{header}");
        }
    }
}
