package io.atelier.standalone.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Text table whose columns are as wide as their widest cell. */
public final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a row. All rows must have as many cells as the first one. */
    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** The text of a JSON value; a dash if it is missing, null or empty. */
    public static String cell(JsonNode value) {
        return value.isNull() || value.isMissingNode() || value.asString("").isEmpty() ? "-" : value.asString();
    }

    public List<String> lines() {
        if (rows.isEmpty()) {
            return List.of();
        }
        var widths = IntStream.range(0, rows.get(0).size()).map(this::width).toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            var cell = row.get(i);
            line.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
