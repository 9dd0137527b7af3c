package io.atelier.messaging;

import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.contract.work.PreviewsRequested;
import io.atelier.contract.work.WorkerCommand;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The CloudEvents types and subjects of requests to all workers. */
final class WorkerCommandTypes {

    private static final Map<String, Class<? extends WorkerCommand>> COMMANDS = Map.of(
            "io.atelier.model.unload-requested.v1", ModelUnloadRequested.class,
            "io.atelier.previews.requested.v1", PreviewsRequested.class);

    private static final Map<Class<? extends WorkerCommand>, String> TYPES =
            COMMANDS.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private WorkerCommandTypes() {}

    static String typeOf(WorkerCommand command) {
        return Objects.requireNonNull(TYPES.get(command.getClass()));
    }

    /** The command of a type; empty if this version does not support it. */
    static Optional<Class<? extends WorkerCommand>> commandOf(String type) {
        return Optional.ofNullable(COMMANDS.get(type));
    }

    /** The CloudEvents subject of a command. */
    static String subjectOf(WorkerCommand command) {
        return (command instanceof ModelUnloadRequested ? "models/" : EventCodec.JOB_SUBJECT) + command.subject();
    }
}
