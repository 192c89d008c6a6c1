package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether an act is only planned, or done only as it was planned. */
final class PlanOptions {
    @Option(names = "--plan", description = "Show what it would do, and do nothing.")
    private boolean dry;

    @Option(
            names = "--if-plan",
            paramLabel = "DIGEST",
            description = "Only if the plan still has this digest; else exit code 1 and the plan as it is now.")
    private @Nullable String expected;

    /** Whether nothing is done. */
    boolean dry() {
        return dry;
    }

    /** The path of the act, or of its plan. */
    String path(String act) {
        List<String> query = new ArrayList<>();
        if (dry) {
            query.add("dryRun=true");
        }
        if (expected != null) {
            query.add("plan=" + Digest.parse(expected).hex());
        }
        if (query.isEmpty()) {
            return act;
        }
        return act + (act.contains("?") ? "&" : "?") + String.join("&", query);
    }

    /** Shows a plan. */
    static int show(Output output, JsonNode plan) {
        ObjectNode shown = plan.deepCopy();
        shown.set("gained", lines(plan.at("/permissions/gained"), plan.at("/permissions/importsGained")));
        shown.set("lost", lines(plan.at("/permissions/lost"), plan.at("/permissions/importsLost")));
        output.fields(
                output.json() ? plan : shown,
                Column.of("Act", "/action"),
                Column.of("Of", "/subject"),
                Column.of("From", "/from"),
                Column.of("To", "/to"),
                Column.of("Installs", "/effects/bundlesInstalled"),
                Column.of("Removes", "/effects/bundlesRemoved"),
                Column.of("Opens", "/effects/instancesOpened"),
                Column.of("Closes", "/effects/instancesClosed"),
                Column.of("Switches", "/effects/instancesSwitched"),
                Column.of("Tenants", "/effects/tenantsTouched"),
                Column.of("Gains", "/gained"),
                Column.of("Loses", "/lost"),
                Column.of("Before", "/configuration/before"),
                Column.of("After", "/configuration/after"),
                Column.of("Migration", "/configuration/steps"),
                Column.of("Policy", "/policy/outcome"),
                Column.of("Against it", "/policy/reasons"),
                Column.of("Approvals", "/policy/approvals"),
                Column.of("Undo", "/undo/command"),
                Column.of("Notes", "/notes"),
                Column.of("Plan", "/digest"));
        boolean possible = !plan.at("/policy/outcome").asText().equals("deny");
        return possible ? Exit.OK : Exit.REFUSED;
    }

    private static JsonNode lines(JsonNode... lists) {
        var all = JsonNodeFactory.instance.arrayNode();
        for (JsonNode list : lists) {
            list.forEach(all::add);
        }
        return all;
    }
}
