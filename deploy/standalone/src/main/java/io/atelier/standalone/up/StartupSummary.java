package io.atelier.standalone.up;

import io.atelier.standalone.console.Table;
import io.atelier.standalone.system.SystemPart;
import io.atelier.standalone.system.SystemPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Output of {@code up} when all parts are ready: the addresses, and how to stop the system or add a worker. */
final class StartupSummary {

    private final SystemPlan plan;
    private final Path log;

    StartupSummary(SystemPlan plan, Path log) {
        this.plan = plan;
        this.log = log;
    }

    List<String> lines() {
        var parts = plan.parts().stream().sorted().map(SystemPart::label).collect(Collectors.joining(", "));
        var lines = new ArrayList<>(List.of("Atelier runs (" + parts + "). Ctrl-C or './atelier down' stops it."));
        var table = new Table();
        if (plan.runs(SystemPart.GATEWAY)) {
            table.row("  Web page", plan.url() + "/");
            table.row("  API", plan.url() + "/v1/generations");
            table.row("  API docs", plan.url() + "/docs");
            plan.hayhooksUrl().ifPresent(url -> table.row("  For hayhooks", url + "/docs"));
            plan.intelUrl().ifPresent(url -> table.row("  For text2image", url));
        }
        table.row("  Kafka", plan.kafka());
        table.row("  S3", plan.s3().toString());
        table.row("  Data", plan.data().root().toString());
        table.row("  Log", log.toString());
        table.row(
                "  Another worker",
                "ATELIER_DATA='%s' ./atelier up --parts generator"
                        .formatted(plan.data().root()));
        lines.addAll(table.lines());
        return lines;
    }
}
