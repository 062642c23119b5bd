use super::{Phrases, Plural};

pub(super) static PHRASES: Phrases = Phrases {
    colon: "：",

    status_header: ["来源", "最近成功", "最近变更", "失败自"],
    never: "从未",
    failing_since: "{0}（{1}）",

    check_header: ["", "检查", "对象", "结果", "允许范围"],
    passed: "通过",
    failed: "拦截",

    pair: "{0} = {1}  （{2}，{3}）",
    pair_for_review: "{0} = {1}  （{2}，{3}，待核对）",
    only_in_zh: "{0} = 英文页没有",
    only_in_en: "中文页没有 = {0}",
    pair_counts: "{0} 对，仅中文页有 {1} 行，仅英文页有 {2} 行",
    review_count: "{0} 对待核对",
    no_error_table: "{0}：没有错误码表：{1}",

    note: "提示：{0}",
    not_checked_against_pages: "{0}未与页面核对：页面没有存档，或由其他版本的 docdrift 读取",
    last_snapshots: Plural("{0} 个最近快照", "{0} 个最近快照"),
    all_consistent: "全部一致",
    wrong: Plural("有 {0} 处错误", "有 {0} 处错误"),
    sources: Plural("{0} 个来源", "{0} 个来源"),
    with_snapshots: "其中 {0} 个有快照",
    entries: Plural("{0} 条", "{0} 条"),
    files: Plural("{0} 个文件", "{0} 个文件"),
    verify_summary: "{0}，{1}，{2}，{3}：{4}",

    version_header: ["来源", "语言", "状态", "首次出现", "最近出现", "访问次数", "字节", "摘要"],
    no_page_archived: "没有已存档的页面",
    from_file: "文件",
    archive_sound: "没有损坏",
    archive_damaged: "有 {0} 处损坏；请删除这些对象和行，或从副本恢复：服务器仍提供的内容会在下次刷新时重新存档",
    archive_summary: "{0} 次访问，{1} 个对象：{2}",
    index_line: "（索引第 {0} 行）",
    index_lines: "（索引第 {0} 行及另外 {1} 行）",
    would_be_removed: "将被删除",
    removed: "已删除",
    prune_summary: "{0} 次访问和 {1} 个对象，共 {2} 字节，{3}\n{4} 次访问和 {5} 个对象，共 {6} 字节，予以保留",

    files_written: "已写入 {0} 个文件，删除 {1} 个；报告见 {2}",
    nothing_written: "未写入任何内容；刷新将写入 {0} 个文件，删除 {1} 个",
    interrupted: "已中断：已抓取的内容予以保留，其余来源保持不变",
    host_summary: "{0}：请求 {1} 次，{2} 字节，未修改 {3} 页，重试 {4} 次，失败 {5} 页，等待 {6} 秒",
};
