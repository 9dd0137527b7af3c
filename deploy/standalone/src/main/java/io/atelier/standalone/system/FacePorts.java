package io.atelier.standalone.system;

import io.atelier.embedded.LoopbackPorts;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.util.Map;

/** The ports of the gateway's faces that have a listener of their own. */
final class FacePorts {

    private static final String OFF = "off";

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
            return LocalPorts.isFree(usual) ? Integer.toString(usual) : OFF;
        }
        boolean isValid = text.equalsIgnoreCase(OFF) || (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535);
        if (!isValid) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "%s is '%s'; it must be a port from 1 to 65535, 0 for any free port, or off."
                            .formatted(variable, text));
        }
        return text.matches("0+") ? Integer.toString(LoopbackPorts.freePort()) : text;
    }

    /**
     * Checks that the port is free, if the face is open.
     *
     * @throws CommandFailed if it is not
     */
    static void requireFree(String port, String purpose, String variable) {
        if (!port.equalsIgnoreCase(OFF)) {
            LocalPorts.requireFree(Integer.parseInt(port), purpose, variable);
        }
    }
}
