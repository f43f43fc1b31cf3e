# Thin names for what ./dev does; ./dev needs no make.
.PHONY: demo test check bench lock messages
demo test check bench lock messages:
	@./dev $@
