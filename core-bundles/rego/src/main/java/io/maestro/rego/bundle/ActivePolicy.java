package io.maestro.rego.bundle;

import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.bundle.BundleException.Kind;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.test.PolicyTests;
import io.maestro.rego.test.TestReport;
import io.maestro.rego.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policy that is asked, and how another takes its place: only once its own tests have passed and its code is warm, and only
 * when it is newer. A question that has begun goes on with the policy that it began with. Any thread.
 */
public final class ActivePolicy {
    private static final int WARM_ROUNDS = 200;
    private static final long WARM_NANOS = 20_000_000;

    /** A bundle that is ready to be asked. */
    public record Version(Bundle bundle, Policy policy, TestReport tests) {
        public String revision() {
            return bundle.manifest().revision();
        }
    }

    private final String name;
    private volatile @Nullable Version current;
    private @Nullable Version previous;
    private @Nullable Version newest;

    /** Without a policy. The name is for messages. */
    public ActivePolicy(String name) {
        this.name = name;
    }

    /** What is to be asked now; null before the first. */
    public @Nullable Version current() {
        return current;
    }

    /** What was active before, and is again after a rollback; null when nothing was. */
    public synchronized @Nullable Version previous() {
        return previous;
    }

    /**
     * Compiles a bundle, runs its tests and warms it. Changes nothing here.
     *
     * @param question what the tests are asked with: their time and budget, and data beside the bundle's
     * @throws RegoException when it does not compile
     * @throws BundleException when a test does not pass
     */
    public Version prepare(Bundle bundle, Capabilities capabilities, Question question) {
        Policy policy = bundle.compile(capabilities);
        Question asked = question.withData(bundle.data());
        TestReport report = PolicyTests.run(policy, asked);
        if (!report.passed()) {
            TestReport.Result first = report.results().stream()
                    .filter(result -> result.outcome() == TestReport.Outcome.FAILED
                            || result.outcome() == TestReport.Outcome.BROKEN)
                    .findFirst()
                    .orElseThrow();
            throw failed(
                    bundle, first.name() + " at " + first.at() + (first.error() == null ? "" : ": " + first.error()));
        }
        warm(bundle, policy, asked);
        return new Version(bundle, policy, report);
    }

    /** Asks the tests again of the quick code that will answer, which must agree with the one that was watched. */
    private void warm(Bundle bundle, Policy policy, Question question) {
        List<Policy.Rule> tests = policy.rules().stream()
                .filter(rule -> rule.path().getLast().startsWith("test_"))
                .toList();
        long end = System.nanoTime() + WARM_NANOS;
        for (int round = 0; round < WARM_ROUNDS && (round == 0 || System.nanoTime() < end); round++) {
            for (Policy.Rule test : tests) {
                Value value = policy.evaluate(test.path(), question);
                if (value == null || value.isFalse()) {
                    throw failed(bundle, "data." + String.join(".", test.path()) + " at " + test.at());
                }
            }
        }
    }

    private BundleException failed(Bundle bundle, String test) {
        return new BundleException(
                Kind.TESTS,
                "revision \"" + bundle.manifest().revision() + "\" of " + name + " is not activated, since its test "
                        + test + " does not pass; mend the policy or the test");
    }

    /**
     * Puts a version in the place of the current one.
     *
     * @throws BundleException when it is older than the newest that ever was active, or says the same revision and is another
     */
    public synchronized void activate(Version version) {
        Version last = newest;
        if (last != null) {
            int order = Revisions.compare(version.revision(), last.revision());
            boolean same = version.bundle().digest().equals(last.bundle().digest());
            if (order < 0 || (order == 0 && !same)) {
                throw new BundleException(
                        Kind.OLDER,
                        "revision \"" + version.revision() + "\" of " + name + " is not activated, since \""
                                + last.revision() + "\" was before" + (order == 0 ? " with other files" : "")
                                + "; raise the revision, or roll back to go back");
            }
        }
        newest = version;
        if (current != null && current.bundle().digest().equals(version.bundle().digest())) {
            return;
        }
        previous = current;
        current = version;
    }

    /**
     * Goes back to the version before. Only what is newer than all that were active can follow.
     *
     * @throws BundleException when there is none
     */
    public synchronized Version rollBack() {
        Version back = previous;
        if (back == null) {
            throw new BundleException(Kind.OLDER, name + " has no earlier version to roll back to");
        }
        previous = null;
        current = back;
        return back;
    }
}
