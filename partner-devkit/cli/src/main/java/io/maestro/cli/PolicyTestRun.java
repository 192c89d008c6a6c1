package io.maestro.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.Rego;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.test.PolicyTests;
import io.maestro.rego.test.TestReport;
import io.maestro.rego.test.TestReport.Outcome;
import io.maestro.rego.test.TestReport.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs the tests of policies and tells how they went. */
final class PolicyTestRun {
    /** The end of a trace is where a test failed. */
    private static final int SHOWN_LINES = 40;

    private static final double MICROSECOND = 1_000;

    private final Session session;

    PolicyTestRun(Session session) {
        this.session = session;
    }

    /**
     * Runs them.
     *
     * @param names a regular expression that names match somewhere; null for all
     */
    int run(List<Path> paths, @Nullable String names, boolean coverage, boolean verbose) throws IOException {
        PolicySources sources = PolicySources.policies(paths);
        Predicate<String> wanted = wanted(names);
        TestReport report =
                PolicyTests.run(compiled(sources), Question.at(Instant.now()).withData(sources.data()), wanted);
        if (report.results().isEmpty()) {
            throw Failure.usage(
                    names == null ? "there is no test" : "there is no test whose name matches " + names,
                    "Tests are rules whose names begin with test_.");
        }
        if (session.json()) {
            session.output().document(json(report, coverage));
        } else {
            report.results().forEach(result -> show(result, verbose, sources.modules()));
            if (coverage) {
                show(report);
            }
            summary(report);
        }
        return report.passed() ? Exit.OK : Exit.REFUSED;
    }

    private static Policy compiled(PolicySources sources) {
        try {
            return Rego.compile(sources.modules(), Capabilities.standard());
        } catch (RegoException e) {
            throw PolicyFailures.wrong(e);
        }
    }

    private static Predicate<String> wanted(@Nullable String names) {
        if (names == null) {
            return _ -> true;
        }
        try {
            Pattern pattern = Pattern.compile(names);
            return name -> pattern.matcher(name).find();
        } catch (PatternSyntaxException e) {
            throw Failure.usage(
                    "\"" + Output.clean(names) + "\" is no regular expression: " + e.getDescription(),
                    "Regular expressions are those of RE2, as in policies.");
        }
    }

    private void show(Result result, boolean verbose, Map<String, String> sources) {
        PrintStream out = session.terminal().out();
        boolean good = result.outcome() == Outcome.PASSED;
        if (good && !verbose) {
            return;
        }
        out.println(Output.clean(word(result.outcome()) + "  " + result.name() + "  " + result.at() + time(result)));
        result.printed().forEach(line -> out.println("      print " + Output.clean(line)));
        if (result.error() != null) {
            result.error().lines().forEach(line -> out.println("      " + Output.clean(line)));
        }
        List<String> trace = PolicyTrace.annotated(result.trace(), sources);
        int left = verbose ? 0 : Math.max(0, trace.size() - SHOWN_LINES);
        if (left > 0) {
            out.println("      … " + left + " lines before: use --verbose");
        }
        trace.subList(left, trace.size()).forEach(line -> out.println("      " + line));
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> "PASS ";
            case FAILED -> "FAIL ";
            case BROKEN -> "ERROR";
            case SKIPPED -> "SKIP ";
        };
    }

    private static String time(Result result) {
        return result.outcome() == Outcome.SKIPPED
                ? ""
                : String.format(Locale.ROOT, "  (%.0f µs)", result.nanos() / MICROSECOND);
    }

    private void show(TestReport report) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        ArrayNode items = list.putArray("items");
        report.coverage()
                .forEach((file, coverage) -> items.addObject()
                        .put("covered", percent(coverage.percent()))
                        .put("file", file)
                        .put("missed", ranges(coverage.missed())));
        session.output()
                .table(
                        list,
                        Output.Column.of("COVERED", "/covered"),
                        Output.Column.of("FILE", "/file"),
                        Output.Column.of("LINES NOT COVERED", "/missed"));
        session.terminal().out().println("Covered without the tests themselves: " + percent(report.percent()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share);
    }

    /** 3, 5-7. */
    private static String ranges(SortedSet<Integer> rows) {
        List<String> ranges = new ArrayList<>();
        Integer begin = null;
        Integer last = null;
        for (Integer row : rows) {
            if (last == null || row != last + 1) {
                if (begin != null && last != null) {
                    ranges.add(range(begin, last));
                }
                begin = row;
            }
            last = row;
        }
        if (begin != null && last != null) {
            ranges.add(range(begin, last));
        }
        return String.join(", ", ranges);
    }

    private static String range(int begin, int last) {
        return begin == last ? Integer.toString(begin) : begin + "-" + last;
    }

    private void summary(TestReport report) {
        long skipped = report.count(Outcome.SKIPPED);
        long ran = report.results().size() - skipped;
        session.terminal()
                .out()
                .println((report.passed() ? "PASS: " : "FAIL: ") + report.count(Outcome.PASSED) + "/" + ran
                        + (skipped == 0 ? "" : ", " + skipped + " postponed"));
    }

    private static ObjectNode json(TestReport report, boolean withCoverage) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("passed", report.passed());
        ArrayNode tests = json.putArray("tests");
        for (Result result : report.results()) {
            ObjectNode test = tests.addObject();
            test.put("name", result.name());
            test.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
            test.set("location", PolicyFailures.json(result.at()));
            test.put("nanos", result.nanos());
            test.put("error", result.error());
            result.printed().forEach(test.putArray("printed")::add);
            result.trace().forEach(test.putArray("trace")::add);
        }
        if (withCoverage) {
            ObjectNode coverage = json.putObject("coverage");
            coverage.put("percent", report.percent());
            ArrayNode files = coverage.putArray("files");
            report.coverage().forEach((name, rows) -> {
                ObjectNode file = files.addObject().put("file", name).put("percent", rows.percent());
                rows.covered().forEach(file.putArray("covered")::add);
                rows.missed().forEach(file.putArray("missed")::add);
            });
        }
        return json;
    }
}
