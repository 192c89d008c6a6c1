package io.maestro.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a JSON body, where, and without naming our classes. */
final class JsonProblem {
    private static final String TOO_MUCH = "the document is nested too deeply or holds too long a text or number";

    private JsonProblem() {}

    static RuntimeException of(JsonProcessingException e) {
        if (e.getCause() instanceof ProblemException problem) {
            return problem;
        }
        String pointer = e instanceof JsonMappingException mapping ? pointer(mapping) : "";
        String detail = e.getCause() instanceof StreamConstraintsException
                ? TOO_MUCH
                : switch (e) {
                    case UnrecognizedPropertyException unknown ->
                        "the field \"" + printable(unknown.getPropertyName()) + "\" is not known here";
                    case StreamConstraintsException ignored -> TOO_MUCH;
                    case MismatchedInputException ignored -> "the value is not of the expected kind";
                    default -> message(e);
                };
        return Wire.invalid(
                "the body is not valid" + place(e.getLocation()) + ": " + detail,
                "Send the JSON document that the API reference describes.",
                pointer.isEmpty() ? List.of() : List.of(new Violation(pointer, detail)));
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String pointer(JsonMappingException e) {
        StringBuilder pointer = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            pointer.append('/');
            if (step.getFieldName() == null) {
                pointer.append(step.getIndex());
            } else {
                pointer.append(printable(step.getFieldName().replace("~", "~0").replace("/", "~1")));
            }
        }
        return pointer.toString();
    }

    /** The parser's own words up to where it starts to talk of its source. */
    private static String message(JsonProcessingException e) {
        String text = String.valueOf(e.getOriginalMessage());
        int end = text.indexOf(" (start marker");
        return printable(end < 0 ? text : text.substring(0, end));
    }

    private static String printable(String text) {
        String shortened = text.length() <= 200 ? text : text.substring(0, 200) + "…";
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
