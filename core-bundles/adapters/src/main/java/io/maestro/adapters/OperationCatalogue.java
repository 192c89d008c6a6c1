package io.maestro.adapters;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.Operation;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.TypeName;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** The operations of all adapter types, ready to be called by name. Immutable; any thread. */
final class OperationCatalogue {
    private final Map<TypeName, Map<OperationName, OperationCodec<?, ?, ?>>> types = new HashMap<>();

    OperationCatalogue(Iterable<AdapterType<?>> known, JsonMapper mapper) {
        for (AdapterType<?> type : known) {
            types.put(type.name(), codecs(type, mapper));
        }
    }

    private static <T extends AdapterInstance> Map<OperationName, OperationCodec<?, ?, ?>> codecs(
            AdapterType<T> type, JsonMapper mapper) {
        Map<OperationName, OperationCodec<?, ?, ?>> codecs = new HashMap<>();
        for (Operation<T, ?, ?> operation : type.operations()) {
            codecs.put(operation.name(), new OperationCodec<>(operation, mapper));
        }
        return codecs;
    }

    /** The operation, or {@link AdapterProblem#OPERATION_UNKNOWN} with those there are. */
    OperationCodec<?, ?, ?> operation(TypeName type, OperationName name) {
        Map<OperationName, OperationCodec<?, ?, ?>> operations = types.getOrDefault(type, Map.of());
        OperationCodec<?, ?, ?> codec = operations.get(name);
        if (codec == null) {
            throw Problem.of(
                            AdapterProblem.OPERATION_UNKNOWN,
                            "the type " + type + " has no operation " + name,
                            "Its operations are: "
                                    + String.join(
                                            ", ",
                                            new TreeSet<>(operations.keySet())
                                                    .stream()
                                                            .map(OperationName::value)
                                                            .toList())
                                    + ".")
                    .asException();
        }
        return codec;
    }
}
