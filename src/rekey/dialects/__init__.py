"""The wire APIs that Rekey speaks, one package each; none of them knows another."""
