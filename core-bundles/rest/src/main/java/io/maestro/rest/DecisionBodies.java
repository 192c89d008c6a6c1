package io.maestro.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.maestro.api.policy.Decisions.Explained;
import io.maestro.api.policy.Decisions.Explanation;
import io.maestro.api.policy.Decisions.Recorded;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.Reason;
import io.maestro.model.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Decisions as they cross the wire; by the names of OPA's decision log where it has one. */
final class DecisionBodies {
    private DecisionBodies() {}

    /**
     * A decision.
     *
     * @param path of the document that was asked for
     * @param erased JSON pointers to what was taken out of the input
     * @param times how often it was given
     */
    record DecisionBody(
            @JsonProperty("decision_id") String decisionId,
            Instant timestamp,
            @Nullable String tenant,
            @Nullable String environment,
            String path,
            String action,
            @JsonProperty("requested_by") String requestedBy,
            @JsonProperty("req_id") String correlationId,
            Map<String, RevisionOf> bundles,
            DecisionResult result,
            Json input,
            List<String> erased,
            long times,
            DecisionMetrics metrics) {
        static DecisionBody of(Recorded decision) {
            Map<String, RevisionOf> bundles = new TreeMap<>();
            decision.bundles().forEach((name, revision) -> bundles.put(name, new RevisionOf(revision)));
            return new DecisionBody(
                    decision.id().toString(),
                    decision.at(),
                    decision.tenant() == null ? null : decision.tenant().value(),
                    decision.environment() == null
                            ? null
                            : decision.environment().value(),
                    "maestro/" + decision.path().path(),
                    decision.action(),
                    decision.actor(),
                    decision.correlationId(),
                    bundles,
                    new DecisionResult(
                            decision.outcome() == Outcome.ALLOW,
                            decision.outcome(),
                            decision.reasons().stream().map(ReasonBody::of).toList()),
                    decision.input(),
                    decision.erased(),
                    decision.times(),
                    new DecisionMetrics(decision.nanos()));
        }
    }

    record RevisionOf(String revision) {}

    record DecisionResult(boolean allow, Outcome outcome, List<ReasonBody> reasons) {}

    record DecisionMetrics(
            @JsonProperty("timer_rego_query_eval_ns") long nanos) {}

    record ReasonBody(
            Reason.Kind kind,
            String rule,
            String title,
            String message,
            Json facts,
            @Nullable String remediation,
            String severity,
            Mode mode,
            String pack) {
        static ReasonBody of(Reason reason) {
            return new ReasonBody(
                    reason.kind(),
                    reason.rule(),
                    reason.title(),
                    reason.message(),
                    reason.facts(),
                    reason.remediation(),
                    reason.severity(),
                    reason.mode(),
                    reason.pack());
        }
    }

    /** Why a decision was what it was. */
    record ExplanationBody(
            DecisionBody decision,
            List<ExplainedBody> rules,
            @Nullable Json smallestChange,
            @Nullable String whyNoChange) {
        static ExplanationBody of(Explanation explanation) {
            return new ExplanationBody(
                    DecisionBody.of(explanation.decision()),
                    explanation.rules().stream().map(ExplainedBody::of).toList(),
                    explanation.smallestChange(),
                    explanation.whyNoChange());
        }
    }

    /**
     * A reason, and where it is written.
     *
     * @param read what the rule read of the input, by JSON pointer
     */
    record ExplainedBody(
            ReasonBody reason,
            @Nullable String file,
            @Nullable Integer row,
            Map<String, Json> read) {
        static ExplainedBody of(Explained explained) {
            return new ExplainedBody(
                    ReasonBody.of(explained.reason()),
                    explained.file(),
                    explained.file() == null ? null : explained.row(),
                    new TreeMap<>(explained.facts()));
        }
    }
}
