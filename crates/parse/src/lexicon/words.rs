//! Determines the topic of titles and sentences: errors, or something else.

use std::sync::LazyLock;

use regex::Regex;

/// The topic of what a title stands above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Errors, exceptions, failures.
    Errors,
    /// Return codes, exit codes and reason codes, which include successes.
    Codes,
    /// HTTP statuses, or states.
    Statuses,
    /// Parameters, fields, settings and other named things.
    Others,
    /// No known topic.
    #[default]
    Unknown,
}

static ERRORS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\berr(?:or|ors|no|code|s)?\b|error|exception|\bfault|failure|\bsqlstate\b|错误|錯誤|异常|異常|报错|故障|失败|エラー|오류|에러|erreur|fehler|ошибк|\berros?\b")
        .expect("a valid pattern")
});
static CODES: LazyLock<Regex> = LazyLock::new(|| {
    let words =
        "return|result|reason|response|exit|close|disconnect|ret|completion|sub|business|api|warning|diagnostic";
    Regex::new(&format!(r"(?i)\b(?:{words})[ _-]?(?:code|value|status)s?\b|\bcodes?\b|返回码|返回值|返回代码|响应码|结果码|原因码|原因代码|错误码|状态码|退出码|代码|コード|코드"))
        .expect("a valid pattern")
});
static STATUSES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bhttp[ _-]?(?:response |status )?(?:code|status)|\bstat(?:us(?:es)?|e|es)\b|状态|狀態")
        .expect("a valid pattern")
});

/// Words of a title that name the listed things, even if the title also speaks of errors.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    let latin = "parameter|element|header|field|attribute|propert|setting|config|\\boption|glossary|terminology|\\bobjects?\\b|syntax|\\bfaq|question|\\bnotes?\\b|\\bargument|\\bopcode|\\bevents?\\b|\\benum|\\bmetric|\\bflags?\\b|permission|\\bmethods?\\b|example|\\bformat|\\bbits?\\b|\\btypes\\b|structure|schema|constructor|\\bfunctions?\\b|\\bclass(?:es)?\\b|table of contents";
    let han = "常见问题|参数|元素|字段|属性|配置|术语|请求头|名词|枚举|事件|指标|权限|示例|格式|接口列表|类型定义";
    Regex::new(&format!("(?i){latin}|{han}")).expect("a valid pattern")
});

/// Whether a text names codes that a program returns: exit codes, return codes, reason codes, error codes.
pub(crate) fn names_result_codes(text: &str) -> bool {
    RESULT_CODES.is_match(text)
}

static RESULT_CODES: LazyLock<Regex> = LazyLock::new(|| {
    let words =
        "return|result|reason|exit|close|disconnect|ret|completion|error|err|diagnostic|failure|exception|rejection";
    Regex::new(&format!(r"(?i)\b(?:{words})[ _-]?(?:event |status )?(?:code|value|status|number)s?\b|\berrno\b|返回码|返回值|返回代码|结果码|原因码|原因代码|错误码|错误代码|退出码|错误号|错误返回"))
        .expect("a valid pattern")
});

/// Whether a cell reports success, as the first row of a list of return codes does.
pub(crate) fn reports_success(text: &str) -> bool {
    SUCCESS.is_match(text)
}

static SUCCESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:ok|no error|success\w*|succeed\w*|normal|(?:the )?(?:request|operation|call|action)s? (?:is |was |has been |completed )?(?:success|succe|ok)\w*|成功|正常|没有错误|请求成功|无错误|操作成功|调用成功)")
        .expect("a valid pattern")
});

/// Whether a title has a word for errors.
pub(crate) fn mentions_errors(title: &str) -> bool {
    ERRORS.is_match(title)
}

/// Whether a title has a word for codes of errors or results.
pub(crate) fn mentions_codes(title: &str) -> bool {
    CODES.is_match(title)
}

/// Whether a line is short and speaks of errors, like the title of a page whose headings are lost. Navigation is short
/// as well, so the topic is required.
pub(crate) fn is_title_like(text: &str) -> bool {
    let is_short = (2..=40).contains(&text.chars().count());
    let names_codes = text.to_lowercase().contains("code");
    is_short
        && !text.contains(['.', '。', '：', ':', '！', '？', '?', '!', '\n', '{', '|', '"'])
        && (names_codes || mentions_errors(text))
}

impl Topic {
    /// Returns the topic of a title. Words for other things take precedence: `Error Response Elements` are elements.
    pub(crate) fn parse(title: &str) -> Self {
        match () {
            () if names_result_codes(title) => {
                if mentions_errors(title) {
                    Self::Errors
                } else {
                    Self::Codes
                }
            }
            () if OTHERS.is_match(title) && !(mentions_errors(title) && mentions_codes(title)) => Self::Others,
            () if mentions_errors(title) => Self::Errors,
            () if STATUSES.is_match(title) && !title.contains("退出") => Self::Statuses,
            () if mentions_codes(title) => Self::Codes,
            () => Self::Unknown,
        }
    }
}

/// Words of sentences that report a problem.
static TROUBLE: LazyLock<Regex> = LazyLock::new(|| {
    let latin = "error|invalid|fail|not found|not exist|n't exist|denied|exceed|unsupported|not support|illegal|missing|unauthori|forbidden|time ?out|timed out|unable|cannot|can't|can not|could not|couldn't|refused|reject|expired|conflict|already|wrong|\\bbad\\b|unknown|unavailable|mismatch|corrupt|abort|insufficient|incorrect|no such|\\btoo (?:many|long|large|big|small|short)|not allowed|not permitted|not enough|not valid|malformed|disabled|violat|overflow|interrupt|disconnect|does not|doesn't|is not|isn't|was not|must (?:be|not)|out of range|duplicate|unexpected|exception|lost";
    let han = "失败|错误|无效|不存在|不支持|异常|超时|不能|非法|不正确|超过|超出|无权|不合法|已存在|拒绝|冲突|缺少|不足|过期|禁止|不匹配|无法|不允许|不可用|不符|未找到|未授权|为空|受限|没有|重复|不一致|未通过|不可|丢失|中断|错|無效|失敗|錯誤";
    Regex::new(&format!("(?i){latin}|{han}")).expect("a valid pattern")
});

/// Whether a sentence or a code reports a problem.
pub(crate) fn reports_problem(text: &str) -> bool {
    TROUBLE.is_match(text)
}

/// Names of errors: `ERR_…`, `E…` in capitals, `…Error`, `…Exception`, `Invalid…`, `…NotFound`, `…Exceeded` and the
/// like.
static ERROR_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i:err|exception|invalid|fault|notfound|not_found|exceed|denied|unauthori|forbidden|unsupported|timeout|timed_?out|conflict|missing|malformed|failed|failure|unavailable|illegal|throttl|mismatch|expired|duplicate|reject|abort|insufficient|unknown|not_?exist|already|unable|bad_?request|badrequest|limit|inuse|in_use|notsupport|not_support|incorrect|disabled|too_?many|toomany|corrupt|deadlock|refused)|\bE[A-Z]{3,}\b")
        .expect("a valid pattern")
});

/// Whether a code is named after an error.
pub(crate) fn is_error_name(code: &str) -> bool {
    ERROR_NAME.is_match(code)
}

#[cfg(test)]
mod tests {
    use super::Topic;

    #[test]
    fn finds_the_topics_of_titles() {
        for (title, topic) in [
            ("Error Codes", Topic::Errors),
            ("错误码列表", Topic::Errors),
            ("Exceptions", Topic::Errors),
            ("PUBACK Reason Codes", Topic::Codes),
            ("Exit Codes", Topic::Codes),
            ("返回码", Topic::Codes),
            ("HTTP status", Topic::Statuses),
            ("Lamp states", Topic::Statuses),
            ("Error Response Elements", Topic::Others),
            ("Request Parameters", Topic::Others),
            ("参数说明", Topic::Others),
            ("Error codes of parameters", Topic::Errors),
            ("Lamps", Topic::Unknown),
        ] {
            assert_eq!(Topic::parse(title), topic, "{title}");
        }
    }
}
