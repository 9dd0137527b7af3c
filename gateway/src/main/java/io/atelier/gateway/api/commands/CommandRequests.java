package io.atelier.gateway.api.commands;

import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.gateway.api.request.CommandReader.Command;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import java.time.Clock;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Makes the requests for generations that commands stand for. Thread-safe. */
public final class CommandRequests {

    private final GenerationRequestReader reader;
    private final JsonMapper json;
    private final Clock clock;

    public CommandRequests(GenerationRequestReader reader, JsonMapper json, Clock clock) {
        this.reader = reader;
        this.json = json;
        this.clock = clock;
    }

    /** The request, with all parameters but model and prompt left to the server. Its prompt is rewritten first where that is set up. */
    ParsedRequest request(Command command) {
        var body = json.createObjectNode()
                .put("prompt", command.prompt())
                .put("model", command.model())
                .put("enhance", Enhance.AUTO.word());
        body.putObject("labels").put(CommandRateLimit.USER_LABEL, command.user());
        return reader.read(json.writeValueAsBytes(body), null, clock.instant(), Set.of(CommandRateLimit.USER_LABEL));
    }
}
