# Thin names for what ./dev does; ./dev needs no make.
.PHONY: demo test check bench lock messages docs
demo test check bench lock messages docs:
	@./dev $@
