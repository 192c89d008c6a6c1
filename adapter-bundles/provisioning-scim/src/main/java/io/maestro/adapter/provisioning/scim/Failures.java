package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Turns what the directory and the network say into problems. */
final class Failures {
    private static final String CREDENTIALS_FIX =
            "Check the token of the instance and what it may do in the directory; give the instance a new one if it has expired.";
    private static final String ADDRESS_FIX =
            "Check that the baseUrl of the instance is what Users and Groups are below.";
    private static final String AGAIN_FIX = "Try again; see the health of the directory if it lasts.";
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    private static final int LONGEST_REASON = 300;

    private Failures() {}

    static ProblemException problem(ProvisioningProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }

    /** May be tried again, not before so long. */
    static ProblemException passing(ProvisioningProblem code, String detail, String fix, Duration delay) {
        return Problem.of(code, detail, fix).with(Retry.after(delay)).asException();
    }

    /** No whole answer came. */
    static ProblemException unreachable(About about, String what, @Nullable Throwable cause) {
        Problem problem = Problem.of(
                        ProvisioningProblem.PROVISIONING_UNREACHABLE,
                        about.subject() + ": " + what,
                        "Check that the baseUrl of the instance is right and that the directory runs, then try again.")
                .with(Retry.after(Duration.ZERO));
        return cause == null ? problem.asException() : problem.asException(cause);
    }

    /** A good status, and a body that is not what it should be. */
    static ProblemException notScim(About about, String what) {
        return problem(
                ProvisioningProblem.PROVISIONING_FAILED,
                about.subject() + ": the directory's answer " + what,
                ADDRESS_FIX);
    }

    /** An answer came, and it is not a good one. {@code token} is what must not be told, should the directory quote it. */
    static ProblemException of(About about, Answer answer, String token, Instant now) {
        String words = printable(answer.detail().replace(token, "***"));
        String reason = "the directory said " + answer.status()
                + (answer.scimType().isEmpty() ? "" : " " + answer.scimType())
                + (words.isEmpty() ? "" : ": " + words);
        String told = about.with(words) + ": " + reason;
        return switch (answer.status()) {
            case 400 -> refused(answer.scimType(), told);
            // without its own words: they may quote what was sent to prove who we are
            case 401, 403 ->
                problem(
                        ProvisioningProblem.PROVISIONING_ACCESS_DENIED,
                        about.subject() + ": the directory said " + answer.status(),
                        CREDENTIALS_FIX);
            case 404 -> missing(about, answer);
            case 409 ->
                problem(
                        ProvisioningProblem.PROVISIONING_USER_EXISTS,
                        told,
                        "Choose another value, or change the user that has it.");
            case 412 -> changed(about);
            case 413 ->
                problem(
                        ProvisioningProblem.PROVISIONING_VALUE_REFUSED,
                        told,
                        "Send less at once, by the directory's rules.");
            case 429, 503 ->
                passing(
                        ProvisioningProblem.PROVISIONING_THROTTLED,
                        told,
                        "Call less often, or ask for a higher limit.",
                        retryAfter(answer.headers(), now, Duration.ofSeconds(1)));
            case 501 ->
                problem(
                        ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                        told,
                        "Do without, or use a directory that offers it.");
            case 408, 425 -> failed(told, answer, now);
            default ->
                answer.status() >= 500
                        ? failed(told, answer, now)
                        : problem(ProvisioningProblem.PROVISIONING_FAILED, told, ADDRESS_FIX);
        };
    }

    private static ProblemException failed(String told, Answer answer, Instant now) {
        return passing(
                ProvisioningProblem.PROVISIONING_FAILED,
                told,
                AGAIN_FIX,
                retryAfter(answer.headers(), now, Duration.ZERO));
    }

    private static ProblemException refused(String scimType, String told) {
        return switch (scimType) {
            case "uniqueness" ->
                problem(
                        ProvisioningProblem.PROVISIONING_USER_EXISTS,
                        told,
                        "Choose another value, or change the user that has it.");
            case "invalidFilter" ->
                problem(
                        ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                        told,
                        "Seek by another attribute, or use a directory that filters by this one.");
            case "invalidSyntax" ->
                // what this adapter sends is well-formed; what a directory misses it often tells in this way
                problem(
                        ProvisioningProblem.PROVISIONING_VALUE_REFUSED,
                        told,
                        "Add or correct the attribute by the directory's rules.");
            case "invalidPath", "invalidVers", "tooMany" ->
                problem(
                        ProvisioningProblem.PROVISIONING_FAILED,
                        told,
                        "See what the directory's documentation says of this.");
            default ->
                problem(
                        ProvisioningProblem.PROVISIONING_VALUE_REFUSED,
                        told,
                        "Correct the value by the directory's rules.");
        };
    }

    /** A directory says so in JSON or without a word; a page for people is another server's. */
    private static ProblemException missing(About about, Answer answer) {
        if (about.whenMissing() == ProvisioningProblem.PROVISIONING_FAILED
                || (answer.body() == null && !answer.empty())) {
            return problem(
                    ProvisioningProblem.PROVISIONING_FAILED,
                    about.subject() + ": there is no directory at the address of the instance, it said 404",
                    ADDRESS_FIX);
        }
        return problem(
                about.whenMissing(),
                about.subject() + ": the directory said 404",
                "List what there is, and send the id that the directory gave.");
    }

    /** The user is in another state than the caller expects. */
    static ProblemException changed(About about) {
        return problem(
                ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED,
                about.subject() + " is not in the state that ifMatch names",
                "Read the user again and decide anew.");
    }

    private static Duration retryAfter(HttpHeaders headers, Instant now, Duration otherwise) {
        return headers.firstValue("Retry-After")
                .map(value -> retryAfter(value.strip(), now, otherwise))
                .map(delay -> delay.isNegative() ? Duration.ZERO : delay)
                .map(delay -> delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay)
                .orElse(otherwise);
    }

    private static Duration retryAfter(String value, Instant now, Duration otherwise) {
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            // says nothing
            return otherwise;
        }
    }

    /** What an outsider said, shortened and with control characters replaced. */
    static String printable(String text) {
        String shortened = text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
        return shortened.replaceAll("\\p{Cntrl}", " ").strip();
    }
}
