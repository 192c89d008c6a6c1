package io.maestro.adapters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.maestro.adapter.spi.Operation;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the JSON of one operation into its records and back. Immutable; any thread. */
final class OperationCodec<T, I extends Record, O extends Record> {
    /** Where the bytes of a stream stand in a JSON call. */
    static final String CONTENT = "contentBase64";

    /** How many bytes a JSON call may carry. */
    static final int LARGEST_CONTENT = 1 << 20;

    private final Operation<T, I, O> operation;
    private final JsonMapper mapper;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    OperationCodec(Operation<T, I, O> operation, JsonMapper mapper) {
        this.operation = operation;
        this.mapper = mapper;
        this.reader = mapper.readerFor(operation.input());
        this.writer = mapper.writerFor(operation.output());
    }

    Operation<T, I, O> operation() {
        return operation;
    }

    /** The input record; {@link AdapterProblem#OPERATION_INPUT_INVALID} with the place when the JSON is not one. */
    I input(byte[] json) {
        try {
            return required(reader.readValue(json));
        } catch (JsonProcessingException e) {
            throw invalid(Wire.violation(e), e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /** The input record with the bytes that stand in it. */
    WithContent<I> inputWithContent(byte[] json) {
        try {
            JsonNode tree = mapper.readTree(json);
            if (!(tree instanceof ObjectNode object)) {
                throw invalid(new Violation("", "is not an object"), null);
            }
            JsonNode content = object.remove(CONTENT);
            if (!(content instanceof TextNode text)) {
                throw invalid(new Violation("/" + CONTENT, "is required and is a text in base64"), null);
            }
            return new WithContent<>(required(reader.readValue(object)), decoded(text.textValue()));
        } catch (JsonProcessingException e) {
            throw invalid(Wire.violation(e), e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
    }

    /** The output record as JSON. */
    byte[] output(O output) {
        try {
            return writer.writeValueAsBytes(output);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the output of " + operation.name() + " cannot be written", e);
        }
    }

    /** The output record as JSON, with these bytes in it. */
    byte[] output(O output, byte[] content) {
        ObjectNode object = mapper.valueToTree(output);
        object.put(CONTENT, Base64.getEncoder().encodeToString(content));
        try {
            return mapper.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the output of " + operation.name() + " cannot be written", e);
        }
    }

    /** An input and its bytes; the bytes are handed over. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    record WithContent<I>(I input, byte[] content) {}

    private byte[] decoded(String text) {
        if (text.length() > LARGEST_CONTENT / 3 * 4 + 4) {
            throw tooLarge();
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid(new Violation("/" + CONTENT, "is not base64"), e);
        }
    }

    static ProblemException tooLarge() {
        return Problem.of(
                        AdapterProblem.OPERATION_CONTENT_TOO_LARGE,
                        "a JSON call carries at most " + LARGEST_CONTENT + " bytes of content",
                        "Use the streaming path of the instance, for storage .../objects/KEY.")
                .asException();
    }

    private I required(@Nullable I input) {
        if (input == null) {
            throw invalid(new Violation("", "is null"), null);
        }
        return input;
    }

    private ProblemException invalid(Violation violation, @Nullable Exception cause) {
        String allowed = String.join(
                ", ",
                Arrays.stream(operation.input().getRecordComponents())
                        .map(component -> component.getName())
                        .toList());
        Problem problem = Problem.of(
                        AdapterProblem.OPERATION_INPUT_INVALID,
                        "the input of " + operation.name() + " is not valid",
                        "The properties of this input are: " + allowed + ".")
                .with(List.of(violation));
        return cause == null ? problem.asException() : problem.asException(cause);
    }
}
