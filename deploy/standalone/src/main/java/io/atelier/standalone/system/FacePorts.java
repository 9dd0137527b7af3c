package io.atelier.standalone.system;

import io.atelier.embedded.LoopbackPorts;
import io.atelier.gateway.faces.listener.FacePort;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.util.Map;

/** The ports of the gateway's faces that have a listener of their own. */
final class FacePorts {

    private FacePorts() {}

    /**
     * The setting of a face's port, with a free port in place of 0. If the variable is not set, the face has its usual port, unless another process
     * has it: a face that was not asked for must not stop the system.
     *
     * @param usual the port of the replaced service
     * @throws CommandFailed if the value is wrong
     */
    static String resolved(Map<String, String> settings, String variable, int usual) {
        var text = settings.get(variable);
        if (text == null) {
            return LoopbackPorts.isFree(usual) ? Integer.toString(usual) : FacePort.OFF;
        }
        var port = parsed(text, variable);
        return port.isOpen() && port.number() == 0 ? Integer.toString(LoopbackPorts.freePort()) : text;
    }

    /**
     * Checks that the port is free, if the face is open.
     *
     * @throws CommandFailed if it is not
     */
    static void requireFree(String text, String purpose, String variable) {
        var port = parsed(text, variable);
        if (port.isOpen()) {
            LocalPorts.requireFree(port.number(), purpose, variable);
        }
    }

    private static FacePort parsed(String text, String variable) {
        try {
            return FacePort.of(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.REFUSED, "%s is '%s'; it %s.".formatted(variable, text, FacePort.RULE));
        }
    }
}
