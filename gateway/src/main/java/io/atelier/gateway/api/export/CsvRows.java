package io.atelier.gateway.api.export;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A CSV file as in RFC 4180, in UTF-8. A cell that a spreadsheet could take for a formula has an apostrophe before it. For one thread.
 */
public final class CsvRows {

    /** The first characters of a formula; some spreadsheets skip white space before them, and know their wide forms, too. */
    private static final Pattern FORMULA =
            Pattern.compile("\\s*[=+\\-@\uFF1D\uFF0B\uFF0D\uFF20].*|[\\t\\r\\n].*", Pattern.DOTALL);

    private static final Pattern QUOTED = Pattern.compile(".*[\",\\r\\n].*|\\s.*|.*\\s", Pattern.DOTALL);

    private final StringBuilder text = new StringBuilder();

    /** Adds a line. */
    public void add(List<String> cells) {
        text.append(cells.stream().map(CsvRows::cell).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String cell(String value) {
        var safe = FORMULA.matcher(value).matches() ? "'" + value : value;
        return QUOTED.matcher(safe).matches() ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }

    /** The file. */
    public byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
