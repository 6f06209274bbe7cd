"""Properties of the core, proved against second opinions on random and on exhaustive inputs."""
