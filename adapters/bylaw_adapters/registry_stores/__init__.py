"""What a service keeps besides its law: by now, the waivers that were requested of it."""
