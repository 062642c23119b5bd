//! The basic vocabulary of error descriptions in both languages. It distinguishes the user from the group, and missing
//! from invalid, if a message is translated and shares no name with the original.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

/// Chinese terms and English word beginnings with the same meaning.
const TERMS: &[(&[&str], &[&str])] = &[
    (
        &["不", "未", "无", "没有", "非", "禁止"],
        &["not", "no", "cannot", "without", "never", "non", "un", "forbid", "prohibit"],
    ),
    (&["存在"], &["exist", "found"]),
    (&["找", "查找"], &["find", "found", "search"]),
    (&["已", "已经"], &["already", "been", "has"]),
    (
        &["无效", "不合法", "非法", "有误", "不正确", "错误"],
        &["invalid", "illegal", "incorrect", "wrong", "error", "malformed"],
    ),
    (&["正确", "合法", "有效"], &["correct", "valid", "legal"]),
    (&["格式"], &["format", "malformed"]),
    (&["失败"], &["fail", "unable"]),
    (&["成功"], &["success"]),
    (&["重复", "重名", "同名", "相同"], &["duplicat", "same", "repeat", "conflict"]),
    (&["冲突"], &["conflict"]),
    (&["并发"], &["concurren"]),
    (&["超过", "超出", "超限", "过大", "过长"], &["exceed", "over", "beyond", "large", "long", "reach"]),
    (&["限制", "上限", "限额", "最大", "配额"], &["limit", "maxim", "quota", "most", "upper"]),
    (&["最小", "下限", "至少", "过小"], &["minim", "least", "small", "lower"]),
    (&["数量", "个数", "数目"], &["number", "amount", "quantity", "count"]),
    (&["大小", "容量"], &["size", "capacity"]),
    (&["长度"], &["length", "long"]),
    (&["不足"], &["insufficient", "enough", "inadequate"]),
    (&["欠费", "余额"], &["overdue", "arrear", "balance", "payment"]),
    (&["过期", "到期", "失效", "过时"], &["expir", "stale", "outdated"]),
    (&["超时"], &["timeout", "timed"]),
    (&["时间"], &["time"]),
    (&["日期"], &["date"]),
    (&["缺少", "缺失", "必需", "必须", "必填"], &["miss", "lack", "mandatory", "requir", "must"]),
    (&["指定", "传入"], &["specif"]),
    (&["为空", "空"], &["empty", "null", "blank"]),
    (&["支持"], &["support"]),
    (&["允许"], &["allow", "permit"]),
    (&["权限", "授权", "有权", "无权"], &["permission", "authoriz", "unauthoriz", "privilege", "grant"]),
    (&["认证", "鉴权", "身份验证"], &["authenticat"]),
    (&["拒绝"], &["den", "reject", "refus"]),
    (&["访问"], &["access"]),
    (&["验证", "校验", "核实"], &["verif", "validat"]),
    (&["签名"], &["sign"]),
    (&["加密"], &["encrypt"]),
    (&["解密"], &["decrypt"]),
    (&["密钥"], &["key", "secret"]),
    (&["密钥对"], &["key", "keypair"]),
    (&["密码", "口令"], &["password"]),
    (&["证书"], &["certificate"]),
    (&["令牌"], &["token"]),
    (&["凭证", "凭据"], &["credential"]),
    (&["会话"], &["session"]),
    (&["登录", "登陆"], &["login", "log", "sign"]),
    (&["用户"], &["user"]),
    (&["用户名"], &["username", "user"]),
    (&["用户组", "组", "群组", "分组"], &["group"]),
    (&["成员"], &["member"]),
    (&["账号", "帐号", "账户", "帐户"], &["account"]),
    (&["租户"], &["tenant"]),
    (&["组织"], &["organization"]),
    (&["角色"], &["role"]),
    (&["策略"], &["polic"]),
    (&["规则"], &["rule"]),
    (&["委托"], &["agency", "delegat", "assum"]),
    (&["身份"], &["identit"]),
    (&["身份源"], &["store", "source"]),
    (&["管理员", "管理"], &["admin", "manage"]),
    (&["所有者", "拥有者", "属于"], &["own", "belong"]),
    (&["项目"], &["project"]),
    (&["资源"], &["resource"]),
    (&["实例"], &["instance"]),
    (&["集群"], &["cluster"]),
    (&["节点"], &["node"]),
    (&["服务器", "主机", "服务端"], &["server", "host"]),
    (&["主机名"], &["hostname"]),
    (&["服务"], &["service"]),
    (&["内部"], &["internal"]),
    (&["系统"], &["system"]),
    (&["异常"], &["abnormal", "exception", "error", "unexpected"]),
    (&["未知"], &["unknown"]),
    (&["繁忙", "忙"], &["busy"]),
    (&["流控", "限流", "频繁", "频率"], &["throttl", "flow", "frequen", "rate"]),
    (&["稍后"], &["later"]),
    (&["重试", "再试"], &["retry", "try", "again"]),
    (&["联系"], &["contact"]),
    (&["技术支持", "客服", "工单"], &["technical", "support", "ticket", "customer"]),
    (&["检查", "确认"], &["check", "ensure", "confirm"]),
    (&["请求"], &["request"]),
    (&["请求体", "消息体"], &["body"]),
    (&["请求头", "头部", "报头"], &["header"]),
    (&["响应", "返回"], &["respon", "return"]),
    (&["参数"], &["param", "argument"]),
    (&["值", "取值"], &["value"]),
    (&["字段"], &["field"]),
    (&["字符", "字符串"], &["character", "string"]),
    (&["名称", "名字"], &["name"]),
    (&["描述", "说明"], &["description"]),
    (&["类型", "种类"], &["type", "category"]),
    (&["规格"], &["specification", "flavor", "spec", "type"]),
    (&["版本"], &["version"]),
    (&["状态"], &["status", "state"]),
    (&["编号", "标识"], &["id", "ids", "identifier"]),
    (&["创建", "新建"], &["creat"]),
    (&["删除"], &["delet", "remov"]),
    (&["更新"], &["updat"]),
    (&["修改", "变更", "更改"], &["modif", "chang"]),
    (&["查询", "获取"], &["quer", "obtain", "get", "retriev"]),
    (&["列表", "列举"], &["list"]),
    (&["添加", "增加", "新增"], &["add"]),
    (&["启动", "开启", "开机"], &["start"]),
    (&["停止", "关机", "停机"], &["stop", "shut"]),
    (&["启用", "激活", "开通"], &["enabl", "activat", "open"]),
    (&["禁用", "停用", "关闭"], &["disabl", "deactivat", "close"]),
    (&["取消"], &["cancel"]),
    (&["绑定", "关联", "挂载"], &["bind", "bound", "associat", "attach", "mount"]),
    (&["解绑", "卸载", "解除"], &["unbind", "disassociat", "detach", "unmount", "unassign"]),
    (&["注册"], &["register", "registr"]),
    (&["注销"], &["deregister", "logout"]),
    (&["上传"], &["upload"]),
    (&["下载"], &["download"]),
    (&["导入"], &["import"]),
    (&["导出"], &["export"]),
    (&["复制", "拷贝"], &["copy", "copi", "replicat"]),
    (&["备份"], &["backup", "back"]),
    (&["恢复", "还原"], &["restor", "recover"]),
    (&["迁移"], &["migrat"]),
    (&["连接"], &["connect"]),
    (&["配置", "设置"], &["config", "setting", "set"]),
    (&["执行", "运行"], &["execut", "run", "perform"]),
    (&["操作"], &["operat"]),
    (&["任务", "作业"], &["task", "job"]),
    (&["进行中", "正在"], &["progress", "being", "ongoing"]),
    (&["处理"], &["process", "handl"]),
    (&["锁", "锁定"], &["lock"]),
    (&["安全"], &["secur"]),
    (&["镜像"], &["image"]),
    (&["快照"], &["snapshot"]),
    (&["磁盘", "云盘", "硬盘", "卷"], &["disk", "volume"]),
    (&["存储"], &["stor"]),
    (&["存储空间", "桶"], &["bucket"]),
    (&["文件"], &["file", "object"]),
    (&["对象"], &["object"]),
    (&["目录", "文件夹"], &["director", "folder"]),
    (&["路径"], &["path"]),
    (&["数据"], &["data"]),
    (&["数据库"], &["database", "db"]),
    (&["表"], &["table"]),
    (&["索引"], &["index"]),
    (&["语法", "语句"], &["syntax", "sql", "statement"]),
    (&["网络"], &["network"]),
    (&["子网"], &["subnet"]),
    (&["网卡"], &["nic", "eni", "interface"]),
    (&["接口"], &["api", "interface"]),
    (&["网关"], &["gateway"]),
    (&["路由"], &["rout"]),
    (&["交换机"], &["switch", "vswitch"]),
    (&["端口"], &["port"]),
    (&["地址"], &["address", "addresses"]),
    (&["域名"], &["domain"]),
    (&["带宽"], &["bandwidth"]),
    (&["负载均衡"], &["load", "balanc", "slb", "elb"]),
    (&["监听"], &["listen"]),
    (&["队列"], &["queue"]),
    (&["消息"], &["messag"]),
    (&["主题"], &["topic"]),
    (&["日志"], &["log", "logstore"]),
    (&["监控", "告警"], &["monitor", "alarm", "alert"]),
    (&["标签"], &["tag", "label"]),
    (&["模板"], &["template"]),
    (&["订单"], &["order"]),
    (&["购买"], &["purchas", "buy", "bought"]),
    (&["付费", "计费", "包年包月", "按量"], &["charge", "bill", "pay", "prepa", "subscription"]),
    (&["续费"], &["renew"]),
    (&["地域", "区域"], &["region"]),
    (&["可用区"], &["zone"]),
    (&["应用"], &["app", "apps", "application"]),
    (&["设备"], &["device"]),
    (&["邮箱", "邮件"], &["mail", "email"]),
    (&["手机", "电话"], &["phone", "mobile"]),
    (&["验证码"], &["verification", "captcha", "code"]),
    (&["证件", "实名"], &["certif", "real"]),
    (&["第一", "首"], &["first"]),
    (&["全部", "所有"], &["all"]),
    (&["默认"], &["default"]),
    (&["源"], &["source"]),
    (&["优化"], &["optimiz"]),
    (&["分片", "部分"], &["part", "parts", "multipart"]),
    (&["顺序"], &["order", "orders", "sequence"]),
    (&["摘要"], &["digest"]),
    (&["本地", "本地盘"], &["local"]),
    (&["抢占式", "竞价"], &["spot", "preempt"]),
    (&["时区"], &["timezone"]),
    (&["拒收", "丢弃"], &["drop", "discard"]),
    (&["初始化"], &["initial"]),
    (&["未完成"], &["unfinished", "incomplete", "pending"]),
    (&["重启"], &["restart", "reboot"]),
    (&["释放"], &["releas"]),
    (&["分配"], &["alloca", "assign"]),
    (&["占用", "使用中"], &["occup", "use", "used"]),
    (&["范围"], &["range", "scope"]),
    (&["方法"], &["method"]),
    (&["编码"], &["encod"]),
    (&["解析"], &["pars", "resol"]),
    (&["调用"], &["call", "invok"]),
    (&["提交"], &["submit", "commit"]),
    (&["审批", "批准"], &["approv"]),
    (&["邀请"], &["invit"]),
    (&["证明", "声明"], &["assertion", "statement", "claim"]),
    (&["字节"], &["byte"]),
    (&["分钟"], &["minute"]),
    (&["秒"], &["second"]),
    (&["白名单"], &["whitelist", "allowlist"]),
    (&["黑名单"], &["blacklist", "blocklist"]),
    (&["沙箱", "容器"], &["container", "sandbox"]),
    (&["函数"], &["function"]),
    (&["触发器"], &["trigger"]),
    (&["流量"], &["traffic"]),
    (&["副本"], &["replica"]),
    (&["主"], &["primary", "master"]),
    (&["备", "从"], &["standby", "slave", "secondary"]),
    (&["目标"], &["target", "destination"]),
];

static ZH_TERMS: LazyLock<(Regex, HashMap<&'static str, usize>)> = LazyLock::new(|| {
    let concepts: HashMap<&str, usize> =
        TERMS.iter().enumerate().flat_map(|(n, (zh, _))| zh.iter().map(move |term| (*term, n))).collect();
    let mut terms: Vec<&str> = concepts.keys().copied().collect();
    // The pattern takes the first matching term, so longer terms come first.
    terms.sort_unstable_by_key(|term| (std::cmp::Reverse(term.len()), *term));
    (Regex::new(&terms.join("|")).expect("a valid pattern"), concepts)
});

static EN_BEGINNINGS: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut concepts: HashMap<&str, Vec<usize>> = HashMap::new();
    for (n, (_, en)) in TERMS.iter().enumerate() {
        for start in *en {
            concepts.entry(*start).or_default().push(n);
        }
    }
    concepts
});

/// Beginnings up to this length count only as whole words: `no` must not match in `node`.
const MAX_WHOLE_WORD: usize = 3;

/// Returns the number of terms.
pub(crate) fn term_count() -> usize {
    TERMS.len()
}

/// Returns the numbers of the glossary terms in a text, each below [`term_count`], possibly repeated. `words` are the
/// Latin words of the text in lower case.
pub(crate) fn find_concepts(text: &str, words: &[&str]) -> Vec<usize> {
    let (pattern, terms) = &*ZH_TERMS;
    let mut found: Vec<usize> = pattern.find_iter(text).filter_map(|m| terms.get(m.as_str()).copied()).collect();
    for word in words {
        let starts = (1..=word.len()).rev().filter_map(|end| word.get(..end));
        let term =
            starts.filter(|s| s.len() > MAX_WHOLE_WORD || word.len() <= s.len() + 1).find_map(|s| EN_BEGINNINGS.get(s));
        found.extend(term.into_iter().flatten());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{TERMS, find_concepts};

    #[test]
    fn both_languages_lead_to_the_same_terms() {
        for (zh, en) in [
            ("用户组不存在", "group not exist"),
            ("参数格式错误", "incorrect parameters format"),
            ("令牌已过期", "tokens have already expired"),
        ] {
            let mut zh_concepts = find_concepts(zh, &[]);
            let mut en_concepts = find_concepts("", &en.split(' ').collect::<Vec<_>>());
            zh_concepts.sort_unstable();
            en_concepts.sort_unstable();
            assert_eq!(zh_concepts, en_concepts, "{zh} / {en}");
        }
    }

    #[test]
    fn a_short_beginning_is_a_whole_word() {
        assert_ne!(find_concepts("", &["no"]), find_concepts("", &["node"]));
    }

    #[test]
    fn no_chinese_term_is_listed_twice() {
        let mut terms: Vec<&str> = TERMS.iter().flat_map(|(zh, _)| zh.iter().copied()).collect();
        let listed = terms.len();
        terms.sort_unstable();
        terms.dedup();
        assert_eq!(terms.len(), listed);
    }
}
